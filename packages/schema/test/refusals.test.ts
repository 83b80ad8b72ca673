// Every mutation, spoiled in every way that its input type shows: a typed problem with a stable code, and nothing changed.
import { type GraphQLInputObjectType, getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema, type Viewer } from '../src/index.ts';
import { globalId, type NodeName } from '../src/input-checks.ts';
import { fingerprint } from './support/fingerprint.ts';
import { plainPicture } from './support/pictures.ts';
import { nobody, type Studio, useStudio } from './support/studio.ts';
import { makeTenant, type Tenant, uploaded } from './support/tenant.ts';
import { type Accepted, validInputs } from './support/valid-inputs.ts';

let studio: Studio;
let home: Tenant;
let away: Tenant;
let accepted: Record<string, Accepted>;
const members: Record<string, Viewer> = {};

useStudio(async (opened) => {
  studio = opened;
  [home, away] = [await makeTenant(studio, 'Home'), await makeTenant(studio, 'Away')];
  const upload = async (purpose: 'MASK' | 'TOKENS', bytes: Uint8Array) =>
    uploaded(studio, home.owner, home.ids.Workspace, purpose, bytes);
  accepted = validInputs(home, {
    mask: await upload('MASK', await plainPicture([255, 255, 255])),
    tokens: await upload('TOKENS', new TextEncoder().encode(JSON.stringify(Array.from({ length: 16 }, (_, i) => i)))),
  });
  for (const role of ['editor', 'runner', 'viewer'] as const) {
    members[role] = await studio.member(home.workspace, role, role);
  }
  members.stranger = await studio.person('Stranger');
});

const mutations = Object.keys(schema.getMutationType()!.getFields());
const inputType = (name: string) =>
  schema.getType(`${name[0]!.toUpperCase()}${name.slice(1)}Input`) as GraphQLInputObjectType;

/** Dotted paths of the values of an input that have a GraphQL type of this name. */
function paths(type: GraphQLInputObjectType, value: Record<string, unknown>, wanted: string, at = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = type.getFields()[key]!;
    const named = getNamedType(field.type);
    if (isInputObjectType(named) && !Array.isArray(inner)) {
      return paths(named, inner as Record<string, unknown>, wanted, `${at}${key}.`);
    }
    return named.name === wanted && !Array.isArray(inner) ? [`${at}${key}`] : [];
  });
}

function spoiled(input: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : spoiled(input[key] as Record<string, unknown>, rest.join('.'), value);
  return { ...input, [key]: inner };
}

/** The code and field that a refusal gives, in the payload or as GraphQL errors. */
async function refusal(
  viewer: Viewer,
  name: string,
  input: object,
): Promise<{ code: string; message: string; field: string | null }> {
  const type = inputType(name).name;
  const source = `mutation ($input: ${type}!) { ${name}(input: $input) { problem { code message field } } }`;
  const { data, errors } = await studio.run(viewer, source, { input });
  const problem = data?.[name]?.problem;
  if (problem) {
    expect(problem.message).toMatch(/^\S[^\n]+$/);
    return problem;
  }
  return { code: String(errors[0]?.extensions?.code ?? 'ACCEPTED'), message: '', field: null };
}

const typeOf = (field: string): NodeName => {
  const name = field.split('.').at(-1)!.replace(/Id$/, '');
  const known: Record<string, NodeName> = { from: 'Session', replyTo: 'Comment' };
  return known[name] ?? (`${name[0]!.toUpperCase()}${name.slice(1)}` as NodeName);
};

async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await fingerprint(studio.database);
  await work();
  expect(await fingerprint(studio.database)).toEqual(before);
}

it('knows an input of every mutation', () => {
  expect(Object.keys(accepted).sort()).toEqual([...mutations].sort());
});

describe.each(mutations)('%s', (name) => {
  it('refuses ids that are none, of another type, of nothing, of another tenant', () =>
    unchanged(async () => {
      const { input } = accepted[name]!;
      for (const path of paths(inputType(name), input, 'ID')) {
        const type = typeOf(path);
        const other: NodeName = type === 'Seed' ? 'Run' : 'Seed';
        const say = (what: string) => `${name} with ${what} as ${path}`;
        for (const wrong of ['nonsense', '', home.ids[other], Buffer.from('Run:\u0000').toString('base64')]) {
          const { code, field } = await refusal(home.owner, name, spoiled(input, path, wrong));
          expect(code, say(wrong)).toBe('BAD_INPUT');
          expect(path, say(wrong)).toMatch(new RegExp(`(^|\\.)${field}$`));
        }
        // Presence names a run without looking it up: whoever reads it finds the run by rights of their own.
        if (name === 'showPresence' && path === 'runId') continue;
        const foreign = type === 'User' ? globalId('User', away.owner.userId) : away.ids[type];
        const missing = globalId(type, '01890000-0000-7000-8000-000000000000');
        const [a, b] = [
          await refusal(home.owner, name, spoiled(input, path, missing)),
          await refusal(home.owner, name, spoiled(input, path, foreign)),
        ];
        // Nobody learns that another tenant has it. Where another id names the workspace, this one contradicts it.
        expect([b.code, b.field], say('a foreign id')).toEqual([a.code, a.field]);
        expect(['NOT_FOUND', 'BAD_INPUT'], say('a foreign id')).toContain(b.code);
      }
    }));

  it('refuses oversized text and control characters', () =>
    unchanged(async () => {
      const { input } = accepted[name]!;
      for (const path of paths(inputType(name), input, 'String')) {
        for (const text of ['x'.repeat(20_000), 'a\u0000b', 'a\u0007b']) {
          const { code } = await refusal(home.owner, name, spoiled(input, path, text));
          expect(['BAD_INPUT', 'TOO_LARGE'], `${name}.${path} of ${JSON.stringify(text.slice(0, 5))}`).toContain(code);
        }
      }
    }));

  it('refuses NaN and unknown enums', () =>
    unchanged(async () => {
      const { input } = accepted[name]!;
      const type = inputType(name);
      const enums = Object.values(schema.getTypeMap()).filter(isEnumType);
      const wrong = [
        ...['Float', 'Int'].flatMap((number) => paths(type, input, number).map((path) => [path, Number.NaN] as const)),
        ...enums.flatMap(({ name: of }) => paths(type, input, of).map((path) => [path, 'NO_SUCH_VALUE'] as const)),
      ];
      for (const [path, value] of wrong) {
        expect((await refusal(home.owner, name, spoiled(input, path, value))).code, `${name}.${path}`).toBe(
          'BAD_INPUT',
        );
      }
    }));

  it('refuses everybody without the right', () =>
    unchanged(async () => {
      const { input, least } = accepted[name]!;
      expect((await refusal(nobody, name, input)).code).toBe('UNAUTHENTICATED');
      if (least === 'person') return;
      if (least === 'local') {
        expect((await refusal(home.owner, name, input)).code).toBe('FORBIDDEN');
        return;
      }
      expect((await refusal(members.stranger!, name, input)).code).toBe('NOT_FOUND');
      expect((await refusal(away.owner, name, input)).code).toBe('NOT_FOUND');
      const below = ['viewer', 'runner', 'editor'].slice(0, ['viewer', 'runner', 'editor', 'owner'].indexOf(least));
      for (const role of below) {
        expect((await refusal(members[role]!, name, input)).code, `${name} as ${role}`).toBe('FORBIDDEN');
      }
    }));
});
