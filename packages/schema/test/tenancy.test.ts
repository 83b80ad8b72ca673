// Two tenants: queries made from the schema itself ask for every field, and nothing of one shows up in answers of the other.
import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema, type Viewer } from '../src/index.ts';
import { globalId, type NodeName } from '../src/input-checks.ts';
import { guest, nobody, type Studio, useStudio } from './support/studio.ts';
import { makeTenant, type Tenant } from './support/tenant.ts';

let studio: Studio;
let home: Tenant;
let away: Tenant;
useStudio(
  async (opened) => {
    studio = opened;
    [home, away] = [await makeTenant(studio, 'Homer'), await makeTenant(studio, 'Awayne')];
  },
  { queryCost: 1e9, queryDepth: 50 },
);

const LEVELS = 4;

/** Values of required arguments; ids are those of the tenant that is asked about. */
const argument = (name: string, type: string, { ids }: Tenant): string => {
  const known: Record<string, string> = {
    tokenizer: '"toy"',
    prompt: '"red"',
    mode: 'TOP_1',
    format: 'JSON',
    step: '1',
    position: '0',
    tokens: '[{ position: 0, token: 2 }]',
    id: `"${ids[type as NodeName] ?? ids.Session}"`,
    ids: `["${ids.Run}"]`,
    plan: '{ objectives: [{ kind: CLIP, prompt: "a" }], start: { kind: NOISE, sigma: 1 } }',
    before: `{ runId: "${ids.Run}", step: 0 }`,
    after: `{ runId: "${ids.Run}", step: 1 }`,
    to: type.endsWith('Tokens') ? `{ runId: "${ids.Run}" }` : '{ text: "red" }',
  };
  const value = known[name];
  if (value === undefined) throw new Error(`no value for the argument ${name} of ${type}`);
  return value;
};

function call(field: GraphQLField<unknown, unknown>, tenant: Tenant): string {
  const result = getNamedType(field.type).name;
  const needed = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
  const args = needed.map(({ name }) => `${name}: ${argument(name, name === 'to' ? field.name : result, tenant)}`);
  return args.length > 0 ? `${field.name}(${args.join(', ')})` : field.name;
}

/** Everything that can be asked of a type, so many levels deep. */
function selection(type: GraphQLNamedType, levels: number, tenant: Tenant): string {
  if (isUnionType(type))
    return type
      .getTypes()
      .map((one) => `... on ${one.name} { ${selection(one, levels, tenant)} }`)
      .join(' ');
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) return [call(field, tenant)];
    return levels > 1 ? [`${call(field, tenant)} { ${selection(inner, levels - 1, tenant)} }`] : [];
  });
  return ['__typename', ...fields].join(' ');
}

const isNode = (type: GraphQLNamedType): boolean =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
const nodes = Object.values(schema.getTypeMap())
  .filter(isNode)
  .map(({ name }) => name as NodeName);
const roots = Object.values(schema.getQueryType()!.getFields());

/** One field of a type at a time, so that an error in one hides nothing of another. */
function queriesOf(name: NodeName, tenant: Tenant): string[] {
  const type = schema.getType(name);
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).map((field) => {
    const inner = getNamedType(field.type);
    const deep = isLeafType(inner) ? '' : `{ ${selection(inner, LEVELS - 2, tenant)} }`;
    return `{ node(id: "${tenant.ids[name]}") { id ... on ${name} { ${call(field, tenant)} ${deep} } } }`;
  });
}

/** What may not be read: ids as they are in the database and as clients see them, and names. */
const secrets = (tenant: Tenant, name: string): string[] => [
  ...tenant.raw,
  ...Object.values(tenant.ids),
  `${name}'s`,
  `${name} says`,
];

/** Secrets in an answer; what the question itself says of them is no leak. */
function leaks(
  answer: { readonly data: unknown; readonly errors: readonly object[] },
  words: readonly string[],
): string[] {
  const text = JSON.stringify(answer.data ?? null);
  return words.filter((word) => text.includes(word));
}

describe.each(nodes)('%s', (name) => {
  it('is open to its own tenant and closed to everybody else', async () => {
    const words = secrets(home, 'Homer');
    const others: Viewer[] = [away.owner, nobody];
    let seen = 0;
    for (const query of queriesOf(name, home)) {
      const own = await studio.run(home.owner, query);
      seen += leaks(own, words).length;
      for (const viewer of others) {
        const answer = await studio.run(viewer, query);
        expect(answer.data?.node ?? null, `${viewer.kind}: ${query}`).toBeNull();
        expect(leaks(answer, words), `${viewer.kind}: ${query}`).toEqual([]);
      }
    }
    // Else the test above would prove nothing.
    expect(seen).toBeGreaterThan(0);
  });
});

describe.each(roots.map(({ name }) => name))('Query.%s', (name) => {
  it('gives the other tenant nothing', async () => {
    const field = roots.find((root) => root.name === name)!;
    const inner = getNamedType(field.type);
    const deep = isLeafType(inner) ? '' : `{ ${selection(inner, LEVELS, home)} }`;
    const words = secrets(home, 'Homer');
    for (const viewer of [away.owner, nobody]) {
      expect(leaks(await studio.run(viewer, `{ ${call(field, home)} ${deep} }`), words), name).toEqual([]);
    }
  });
});

it('a search inside one workspace takes nothing of another as its start', async () => {
  const searches = [
    `runsNearTokens(to: { runId: "${home.ids.Run}" }) { run { id } }`,
    `runsNearTokens(to: { seedId: "${home.ids.Seed}" }) { run { id } }`,
    `seedsNearTokens(to: { seedId: "${home.ids.Seed}" }) { seed { id } }`,
    `runsNearImage(to: { runId: "${home.ids.Run}" }) { run { id } }`,
    `seedsNearImage(to: { seedId: "${home.ids.Seed}" }) { seed { id } }`,
  ];
  for (const search of searches) {
    const query = `{ node(id: "${away.ids.Workspace}") { ... on Workspace { ${search} } } }`;
    const { data, errors } = await studio.run(away.owner, query);
    expect([data.node, errors[0]?.extensions?.code], search).toEqual([null, 'NOT_FOUND']);
  }
});

it('subscriptions are closed to others', async () => {
  const { Workspace, Session, Run } = home.ids;
  const sources = [
    `subscription { runSteps(runId: "${Run}") { seq } }`,
    `subscription { sessionDoc(sessionId: "${Session}", after: 0) { seq } }`,
    `subscription { presence(sessionId: "${Session}") { __typename } }`,
    `subscription { queue(workspaceId: "${Workspace}") { queued } }`,
    `subscription { runsChanged(workspaceId: "${Workspace}") { id } }`,
    `subscription { workspaceChanged(workspaceId: "${Workspace}") { id } }`,
  ];
  expect(sources.length).toBe(Object.keys(schema.getSubscriptionType()!.getFields()).length);
  for (const source of sources) {
    await expect(studio.subscribe(away.owner, source), source).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
    await expect(studio.subscribe(nobody, source), source).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  }
});

it('a link to a session opens its runs and their seed, and no other seed', async () => {
  const { Session, Workspace, ShareLink } = home.ids;
  const link = home.raw[Object.keys(home.ids).indexOf('ShareLink')]!;
  const sessionId = home.raw[Object.keys(home.ids).indexOf('Session')]!;
  expect(globalId('ShareLink', link)).toBe(ShareLink);
  const viewer = guest({ linkId: link, workspaceId: home.workspace.id, sessionId, access: 'view' });
  const of = async (id: string) =>
    (await studio.run(viewer, 'query ($id: ID!) { node(id: $id) { id } }', { id })).data.node;
  for (const id of [Session, home.ids.Run, home.ids.Seed, home.ids.Comment]) expect(await of(id)).toEqual({ id });
  const { seed } = await studio.change(
    home.owner,
    'createSeed',
    { workspaceId: Workspace, name: 'unused', uploadId: home.ids.Upload },
    'seed { id }',
  );
  for (const id of [seed.id, home.ids.ShareLink, home.ids.Invitation]) expect(await of(id)).toBeNull();
  // Once the document names it, its picture is part of the session.
  await studio.change(home.owner, 'editSession', { sessionId: Session, settings: { seedId: seed.id } });
  expect(await of(seed.id)).toEqual({ id: seed.id });
});
