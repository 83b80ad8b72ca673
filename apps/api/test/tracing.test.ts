// Spans as an OpenTelemetry provider of the process sees them: one per operation, on both transports, without variables.
import { type Span, type SpanOptions, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from './support/client.ts';
import { startTestServer, type TestServer } from './support/server.ts';

interface Seen {
  readonly name: string;
  readonly options: SpanOptions | undefined;
  readonly set: Record<string, unknown>;
  ended: boolean;
}

const seen: Seen[] = [];
const noSpan = trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 });
/** Writes down what is told to it. */
function startSpan(name: string, options?: SpanOptions): Span {
  const one: Seen = { name, options, set: {}, ended: false };
  seen.push(one);
  const span: Span = Object.assign(Object.create(noSpan) as Span, {
    setAttribute(key: string, value: unknown) {
      one.set[key] = value;
      return span;
    },
    end() {
      one.ended = true;
    },
  });
  return span;
}

let world: TestServer;
beforeAll(async () => {
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan: () => undefined as never }) });
  world = await startTestServer();
}, 120_000);
afterAll(async () => {
  trace.disable();
  await world?.[Symbol.asyncDispose]();
});

it('every operation has one, and it ends', async () => {
  const query = 'query Secretive($id: ID!) { workspace(id: $id) { id } }';
  await world.query({ query, variables: { id: 'a secret prompt' } });
  await world.query({ query: '{ studio { version } }' });
  const client = await Client.connect(world.port);
  await client.run('query OverSocket { studio { version } }');
  const ours = seen.filter(({ options }) => options?.attributes?.['tessera.transport'] !== undefined);
  expect(ours.map(({ name, ended }) => [name, ended])).toEqual([
    ['query Secretive', true],
    ['query', true],
    ['query OverSocket', true],
  ]);
  expect(ours[0]!.set['tessera.error']).toMatch(/^(BAD_INPUT|NOT_FOUND)$/);
  expect(ours[1]!.set).toEqual({});
  expect(ours[2]!.options?.attributes).toMatchObject({
    'graphql.operation.type': 'query',
    'graphql.operation.name': 'OverSocket',
    'tessera.transport': 'websocket',
    'tessera.cost': expect.any(Number),
  });
  expect(JSON.stringify(seen)).not.toContain('secret prompt');
});

it('a subscription has one until it ends, also when its socket goes', async () => {
  const { body } = await world.query({ query: '{ viewer { workspaces { id } } }' });
  const id = body.data.viewer.workspaces[0].id;
  const client = await Client.connect(world.port);
  client.subscribe('1', 'subscription Watch($id: ID!) { workspaceChanged(workspaceId: $id) { id } }', { id });
  const span = () => seen.find(({ name }) => name === 'subscription Watch');
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await until(() => world.server.services.bus.live.stats().subscribers === 1);
  expect(span()?.ended).toBe(false);
  client.close();
  await until(() => span()?.ended === true);
});
