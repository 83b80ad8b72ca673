// The whole way of a request: a client, a bus, a worker's engine in its own process, and a run that goes on beside it.
import { randomUUID } from 'node:crypto';
import { type Bus, openBus } from '@tessera/bus';
import type { Engine } from '@tessera/engine';
import { ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import type { TokenData } from '@tessera/protocol';
import { type Compute, ComputeError, computeClient, serveCompute } from '@tessera/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineCompute } from '../../src/compute/engine-compute.ts';
import { openTestEngine } from '../support/engine.ts';
import { type PrivateRedis, startRedis } from '../support/redis.ts';
import { smallPlan } from '../support/world.ts';
import { difference, photo } from './pictures.ts';

const store = new ModelStore({ embedded: POCKET_MODELS });
const redis: PrivateRedis | string = await startRedis();
if (typeof redis === 'string') console.warn(`skipped: ${redis}`);

let engine: Engine;
beforeAll(async () => {
  engine = await openTestEngine();
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  if (typeof redis !== 'string') await redis.stop();
});

const forms = [
  { name: 'in memory', open: () => openBus() },
  ...(typeof redis === 'string'
    ? []
    : [{ name: 'over Redis', open: (prefix: string) => openBus({ redisUrl: redis.url, prefix }) }]),
];

describe.each(forms)('requests $name', ({ open }) => {
  let apiBus: Bus;
  let workerBus: Bus;
  let client: Compute;
  beforeAll(async () => {
    const prefix = `test-${randomUUID()}`;
    apiBus = await open(prefix);
    // In memory, API and worker are one process.
    workerBus = apiBus.kind === 'memory' ? apiBus : await open(prefix);
    serveCompute(workerBus.calls, engineCompute(engine, store, { candidates: 6 }));
    client = computeClient(apiBus.calls);
  });
  afterAll(async () => {
    for (const bus of new Set([apiBus, workerBus])) await bus[Symbol.asyncDispose]();
  });

  it('a picture becomes tokens and tokens a picture', async () => {
    const picture = await photo();
    const tokens = await client.encode('pocket-32', picture);
    expect(tokens.data).toBeInstanceOf(Int32Array);
    const [decoded] = await client.decode('pocket-32', [tokens], { format: 'png' });
    expect(await difference(picture, decoded!.bytes)).toBeLessThan(0.15);
    expect(decoded).toEqual((await engineCompute(engine, store).decode('pocket-32', [tokens], { format: 'png' }))[0]);
  });

  it('every other method too', async () => {
    const tokens = await client.encode('pocket-32', await photo());
    expect((await client.models()).find(({ id }) => id === 'pocket-32')).toMatchObject({ installed: true });
    const [text] = await client.embedTexts('pocket-clip', ['a cat on a beach']);
    const [seen] = await client.embedPictures('pocket-clip', [await photo()]);
    expect(text).toHaveLength(seen!.length);
    const perturbed = await client.perturb({ tokenizer: 'pocket-32', tokens }, 5, { count: 2, order: 'smallest' });
    expect(perturbed.map(({ change }) => change)).toEqual(
      perturbed.map(({ change }) => change).toSorted((a, b) => a - b),
    );
  });

  it('refusals keep their code', async () => {
    const wrong: TokenData = { kind: 'indices', data: new Int32Array(3) };
    await expect(client.decode('pocket-32', [wrong])).rejects.toThrow(ComputeError);
    await expect(client.decode('pocket-32', [wrong])).rejects.toMatchObject({ code: 'BAD_INPUT', message: /are 3/ });
    await expect(client.decode('nope', [wrong])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(client.encode('pocket-32', Buffer.from('x'))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('a run goes on while 17 pictures are asked for', async () => {
    const tokens = Array.from(
      { length: 17 },
      (_, i): TokenData => ({ kind: 'indices', data: new Int32Array(32).fill(i + 1) }),
    );
    let answered = false;
    const pictures = client.decode('pocket-32', tokens).finally(() => {
      answered = true;
    });
    let between = 0;
    for await (const _ of engine.optimise(smallPlan({ iterations: 2_000 }))) {
      if (answered) break;
      between += 1;
    }
    expect(new Set((await pictures).map(({ sha256 }) => sha256)).size).toBe(17);
    // Three requests, one picture at a time: however busy the machine is, steps come in between.
    expect(between).toBeGreaterThanOrEqual(2);
  });

  it('an engine that was killed is UNAVAILABLE or answers, and then works again', async () => {
    const tokens: TokenData = { kind: 'indices', data: new Int32Array(32).fill(99) };
    const asked = client.decode('pocket-32', [tokens]).catch((error: unknown) => error);
    await engine.runtime.kill();
    const first = await asked;
    if (first instanceof Error) expect(first).toMatchObject({ name: 'ComputeError', code: 'UNAVAILABLE' });
    expect(await client.decode('pocket-32', [tokens])).toHaveLength(1);
  });
});

it('without a worker, requests are UNAVAILABLE in time', async () => {
  await using bus = await openBus();
  const asked = computeClient(bus.calls, { timeoutMs: 50 }).models();
  await expect(asked).rejects.toMatchObject({ name: 'ComputeError', code: 'UNAVAILABLE' });
});
