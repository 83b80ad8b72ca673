// Enums of the protocol: upper case in GraphQL, the protocol's own words inside.
import { ERROR_CODES, FRAME_FORMATS, RIGHTS, type Right, ROLES, RUN_STATUSES, SHARE_ACCESS } from '@tessera/protocol';
import { builder } from './builder.ts';
import type { Problem } from './errors.ts';

/** `{ NAME: { value: 'name' } }` of each word, hyphens as underscores. */
export function upper<const W extends string>(words: readonly W[]): Record<string, { readonly value: W }> {
  return Object.fromEntries(words.map((word) => [word.toUpperCase().replaceAll('-', '_'), { value: word }]));
}

export const RoleEnum = builder.enumType('Role', { values: upper(ROLES) });
export const RightEnum = builder.enumType('Right', { values: upper(Object.keys(RIGHTS) as Right[]) });
export const ShareAccessEnum = builder.enumType('ShareAccess', { values: upper(SHARE_ACCESS) });
export const RunStatusEnum = builder.enumType('RunStatus', { values: upper(RUN_STATUSES) });
export const FrameFormatEnum = builder.enumType('FrameFormat', { values: upper(FRAME_FORMATS) });

const codes = (Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[]).filter(
  (code): code is Problem['code'] => code !== 'FENCED',
);

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Stable codes; messages may be reworded. The same codes are in `extensions.code` of GraphQL errors.',
  values: Object.fromEntries(codes.map((code) => [code, { value: code, description: ERROR_CODES[code] }])) as Record<
    string,
    { readonly value: Problem['code'] }
  >,
});
