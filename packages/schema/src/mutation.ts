// How a mutation is declared: one input, a payload with `problem`, the right it needs, and where that right is asked.
import type { InputFieldMap, InputShapeFromFields, ShapeFromTypeParam, TypeParam } from '@pothos/core';
import type { Right } from '@tessera/protocol';
import { type Access, requirePerson, requireRight, type Scope } from './access.ts';
import { builder, type FullTypes } from './builder.ts';
import type { Context } from './context.ts';
import { MUTATION_COST } from './cost.ts';
import { ErrorCodeEnum } from './enums.ts';
import { type Problem, problemOf } from './errors.ts';
import { checkLine } from './input-checks.ts';

export const ProblemRef = builder.objectRef<Problem>('Problem').implement({
  description: 'Why a mutation changed nothing.',
  access: 'held',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum }),
    message: t.exposeString('message', { description: 'One line for people: what was wrong and what would be right.' }),
    field: t.string({
      nullable: true,
      description: 'Dotted path of the input field, where one is to blame.',
      resolve: ({ field }) => field ?? null,
    }),
  }),
});

type PayloadTypes = Readonly<Record<string, TypeParam<FullTypes>>>;
type Result<P extends PayloadTypes> = { readonly [K in keyof P]?: ShapeFromTypeParam<FullTypes, P[K], true> };
type Payload = Readonly<Record<string, unknown>> & { readonly problem?: Problem };
type InputBuilder = PothosSchemaTypes.InputFieldBuilder<FullTypes, 'InputObject'>;

interface Common<I extends InputFieldMap, P extends PayloadTypes> {
  readonly description?: string;
  /** Of the input type and of the payload type. */
  readonly inputDescription?: string;
  readonly payloadDescription?: string;
  readonly cost?: number;
  readonly input: (t: InputBuilder) => I;
  /** Fields of the payload beside `problem`; all are null where there is one and `onProblem` gives none. */
  readonly payload: P;
  /** What the payload says besides the problem. */
  readonly onProblem?: (problem: Problem) => Result<P>;
}

/** A change inside a workspace. `target` finds what is changed (and throws for what is not there); the right is asked of it. */
interface InWorkspace<I extends InputFieldMap, P extends PayloadTypes, T extends Scope> extends Common<I, P> {
  readonly right: Right;
  readonly target: (input: InputShapeFromFields<I>, ctx: Context) => Promise<T> | T;
  readonly change: (input: InputShapeFromFields<I>, ctx: Context, target: T, access: Access) => Promise<Result<P>>;
}

/** A change that belongs to no workspace yet: anybody who is signed in. */
interface ByPerson<I extends InputFieldMap, P extends PayloadTypes> extends Common<I, P> {
  readonly right: 'person';
  readonly change: (input: InputShapeFromFields<I>, ctx: Context, userId: string) => Promise<Result<P>>;
}

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/**
 * Adds `name(input: <Name>Input!): <Name>Payload!`. What a caller can cause becomes the payload's `problem`; any other error
 * is masked by the error formatter.
 */
export function mutation<I extends InputFieldMap, const P extends PayloadTypes, T extends Scope>(
  name: string,
  options: InWorkspace<I, P, T> | ByPerson<I, P>,
): void {
  const { description, inputDescription, payloadDescription, cost = MUTATION_COST } = options;
  const Input = builder.inputType(`${capital(name)}Input`, {
    ...(inputDescription !== undefined && { description: inputDescription }),
    fields: options.input,
  });
  const payload = payloadType(capital(name), payloadDescription, options.payload);
  builder.mutationField(name, (t) =>
    t.field({
      type: payload,
      ...(description !== undefined && { description }),
      access: { checked: options.right === 'person' ? 'a signed-in person' : options.right },
      complexity: cost,
      args: { input: t.arg({ type: Input, required: true }) },
      resolve: async (_root, args, ctx): Promise<Payload> => {
        try {
          // The input type was made from the same fields; generics hide it.
          const { input } = args as unknown as { readonly input: InputShapeFromFields<I> };
          checkKey(input, ctx);
          return await run(options, input, ctx);
        } catch (error) {
          const problem = problemOf(error);
          if (!problem) throw error;
          return { ...options.onProblem?.(problem), problem };
        }
      },
    }),
  );
}

async function run<I extends InputFieldMap, P extends PayloadTypes, T extends Scope>(
  options: InWorkspace<I, P, T> | ByPerson<I, P>,
  input: InputShapeFromFields<I>,
  ctx: Context,
): Promise<Payload> {
  if (options.right === 'person') return afterwards(ctx, await options.change(input, ctx, requirePerson(ctx)));
  const target = await options.target(input, ctx);
  const access = await requireRight(ctx, options.right, target);
  return afterwards(ctx, await options.change(input, ctx, target, access));
}

/** @throws BadInputError for an idempotency key that cannot be kept */
function checkKey(input: { readonly idempotencyKey?: unknown }, { limits }: Context): void {
  if (typeof input.idempotencyKey === 'string') {
    checkLine('idempotencyKey', input.idempotencyKey, limits.idempotencyKeyCharacters);
  }
}

/** What this request read before the change is not true any more. */
function afterwards(ctx: Context, result: Payload): Payload {
  ctx.loads.forget();
  return result;
}

function payloadType(name: string, description: string | undefined, types: PayloadTypes) {
  return builder.objectRef<Payload>(`${name}Payload`).implement({
    ...(description !== undefined && { description }),
    access: 'held',
    fields: (t) => ({
      ...Object.fromEntries(
        Object.entries(types).map(([key, type]) => [
          key,
          t.field({
            type,
            nullable: true,
            complexity: Array.isArray(type) ? { field: 1, multiplier: 10 } : 1,
            resolve: (payload) => (payload[key] ?? null) as never,
          }),
        ]),
      ),
      problem: t.field({ type: ProblemRef, nullable: true, complexity: 1, resolve: ({ problem }) => problem ?? null }),
    }),
  });
}
