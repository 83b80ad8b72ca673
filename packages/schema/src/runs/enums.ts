// Enums of runs and plans: upper case in GraphQL, the engine's own words inside.
import { builder } from '../builder.ts';
import { upper } from '../enums.ts';

export const TokenKindEnum = builder.enumType('TokenKind', { values: upper(['indices', 'vectors'] as const) });
export const QuantisationEnum = builder.enumType('Quantisation', {
  values: upper(['straight-through', 'before'] as const),
});
export const PrecisionEnum = builder.enumType('Precision', { values: upper(['fp32', 'fp16', 'int8'] as const) });
export const ObjectiveKindEnum = builder.enumType('ObjectiveKind', {
  values: upper(['clip', 'siglip', 'l1', 'l2'] as const),
});
export const StartKindEnum = builder.enumType('StartKind', { values: upper(['seed', 'noise'] as const) });
export const TowardsEnum = builder.enumType('Towards', { values: upper(['zero', 'seed'] as const) });
export const PerturbationOrderEnum = builder.enumType('PerturbationOrder', {
  values: upper(['largest', 'smallest', 'text'] as const),
});
export const RunOrderEnum = builder.enumType('RunOrder', {
  values: { CREATED_AT: { value: 'createdAt' }, SCORE: { value: 'score' } } as const,
});
