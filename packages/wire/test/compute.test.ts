// Compute requests cross the bus whole: every method, long lists in parts, every kind of failure with its code.
import { type Bus, CallFailedError, openBus } from '@tessera/bus';
import type { TokenData } from '@tessera/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Compute,
  ComputeError,
  computeClient,
  type ModelSummary,
  type Picture,
  serveCompute,
} from '../src/index.ts';
import { indices, vectors } from './samples.ts';

const summary: ModelSummary = {
  id: 'm',
  name: 'M',
  kind: 'tokenizer',
  family: 'titok',
  licence: 'MIT',
  bytes: 3,
  embedded: true,
  installed: true,
  imageSize: 128,
  positions: 32,
};

const picture = (word: string): Picture => ({
  bytes: new TextEncoder().encode(word),
  contentType: 'image/webp',
  width: 2,
  height: 2,
  sha256: '0f'.repeat(32),
});

/** Answers that show what was asked; `asked` has a line for each request. */
function recorder(asked: string[]): Compute {
  return {
    models: async () => [summary],
    async decode(tokenizer, tokens, options) {
      asked.push(`decode ${tokens.length} ${JSON.stringify(options)}`);
      return tokens.map(({ kind, data }) => picture(`${tokenizer} ${kind} ${data[0]}`));
    },
    async encode(tokenizer, bytes) {
      asked.push(`encode ${tokenizer} ${bytes.length}`);
      return bytes.length % 2 ? indices : vectors;
    },
    async embedTexts(_, texts) {
      asked.push(`texts ${texts.length}`);
      return texts.map((text) => Float32Array.of(text.length, Number.NaN));
    },
    async embedPictures(_, pictures) {
      asked.push(`pictures ${pictures.length}`);
      return pictures.map((bytes) => Float32Array.of(bytes.length));
    },
    async perturb(from, position, options) {
      asked.push(`perturb ${from.tokens.kind} ${position} ${JSON.stringify(options)}`);
      return [{ token: 7, change: 0.5, picture: picture('p') }];
    },
  };
}

describe('compute over the bus', () => {
  let bus: Bus;
  beforeEach(async () => {
    bus = await openBus();
  });
  afterEach(() => bus[Symbol.asyncDispose]());

  it('W5 the list of models is refused at once where no worker is connected, and asked of one that is', async () => {
    const client = computeClient(bus.calls);
    const refused = client.models();
    await expect(refused).rejects.toThrow(ComputeError);
    await expect(refused).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('No worker is connected'),
    });
    const server = serveCompute(bus.calls, recorder([]));
    expect(await client.models()).toEqual([summary]);
    await server.close();
    await expect(client.models()).rejects.toThrow('No worker is connected');
  });

  it('W5 every method gives what the worker gave', async () => {
    const asked: string[] = [];
    const compute = recorder(asked);
    serveCompute(bus.calls, compute);
    const client = computeClient(bus.calls);
    expect(await client.models()).toStrictEqual([summary]);
    expect(await client.decode('t', [indices, vectors], { size: 64, format: 'png' })).toStrictEqual(
      await compute.decode('t', [indices, vectors]),
    );
    expect(await client.encode('t', new Uint8Array(3))).toStrictEqual(indices);
    expect(await client.encode('t', new Uint8Array(4))).toStrictEqual(vectors);
    expect(await client.embedTexts('m', ['a', 'bc'])).toStrictEqual([Float32Array.of(1, NaN), Float32Array.of(2, NaN)]);
    expect(await client.embedPictures('m', [new Uint8Array(5)])).toStrictEqual([Float32Array.of(5)]);
    const from = { tokenizer: 't', tokens: indices };
    const options = { count: 1, order: 'text', model: 'm', prompt: 'a tiger' } as const;
    expect(await client.perturb(from, 3, options)).toStrictEqual(await compute.perturb(from, 3, options));
    expect(asked.slice(-2)[0]).toBe(asked.at(-1));
  });

  it('W6 long lists go in parts, in order, and come back as one', async () => {
    const asked: string[] = [];
    serveCompute(bus.calls, recorder(asked));
    const client = computeClient(bus.calls);
    const many: TokenData[] = Array.from({ length: 19 }, (_, i) => ({ kind: 'indices', data: Int32Array.of(i) }));
    const pictures = await client.decode('t', many);
    expect(pictures.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(
      many.map(({ data }) => `t indices ${data[0]}`),
    );
    expect(asked).toEqual(['decode 8 {}', 'decode 8 {}', 'decode 3 {}']);
    asked.length = 0;
    const sizes = [5e6, 5e6, 5e6, 1e7, 1];
    expect(
      (
        await client.embedPictures(
          'm',
          sizes.map((size) => new Uint8Array(size)),
        )
      ).map(([size]) => size),
    ).toEqual(sizes);
    expect(asked).toEqual(['pictures 2', 'pictures 1', 'pictures 2']);
    expect(await client.decode('t', [])).toEqual([]);
  });

  const failing = (error: unknown): Compute => ({ ...recorder([]), encode: () => Promise.reject(error) });
  const encode = (timeoutMs?: number) =>
    computeClient(bus.calls, { ...(timeoutMs && { timeoutMs }) }).encode('t', new Uint8Array(1));

  it('W7 a refusal keeps its code and message', async () => {
    serveCompute(bus.calls, failing(new ComputeError('NOT_FOUND', 'no model t')));
    const error = await encode().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ComputeError);
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'no model t' });
  });

  it('W7 a fault of the worker is INTERNAL, without details, and told to the worker', async () => {
    const errors: unknown[] = [];
    serveCompute(bus.calls, failing(new TypeError('secret')), { onError: (error) => errors.push(error) });
    const error = await encode().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect(String(error)).not.toContain('secret');
    expect(errors.map(String)).toEqual(['TypeError: secret']);
  });

  it('W9 pictures do not wait behind long requests', async () => {
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const compute = recorder([]);
    const slow: Compute = { ...compute, perturb: (...args) => gate.then(() => compute.perturb(...args)) };
    serveCompute(bus.calls, slow, { concurrency: 1, longConcurrency: 1 });
    const client = computeClient(bus.calls);
    const from = { tokenizer: 't', tokens: indices };
    const long = [1, 2, 3].map((position) => client.perturb(from, position, { count: 1, order: 'largest' }));
    expect(await client.decode('t', [indices])).toHaveLength(1);
    open();
    expect(await Promise.all(long)).toHaveLength(3);
  });

  it('W8 no worker is UNAVAILABLE', async () => {
    await expect(encode(300)).rejects.toMatchObject({ name: 'ComputeError', code: 'UNAVAILABLE' });
  });

  it.each<[string, (client: Compute) => Promise<unknown>, object]>([
    [
      'a size of 2000 px',
      (c) => c.decode('t', [indices], { size: 2000 }),
      { code: 'BAD_INPUT', message: /options\.size/ },
    ],
    ['half a pixel', (c) => c.decode('t', [indices], { size: 0.5 }), { code: 'BAD_INPUT' }],
    ['another format', (c) => c.decode('t', [indices], { format: 'gif' as 'png' }), { code: 'BAD_INPUT' }],
    ['no tokenizer', (c) => c.decode('', [indices]), { code: 'BAD_INPUT' }],
    [
      '100 perturbations',
      (c) => c.perturb({ tokenizer: 't', tokens: indices }, 0, { count: 100, order: 'largest' }),
      { code: 'BAD_INPUT' },
    ],
    [
      'position -1',
      (c) => c.perturb({ tokenizer: 't', tokens: indices }, -1, { count: 1, order: 'largest' }),
      { code: 'BAD_INPUT' },
    ],
    ['a book as text', (c) => c.embedTexts('m', ['x'.repeat(5000)]), { code: 'BAD_INPUT' }],
    ['a picture of 17 MB', (c) => c.encode('t', new Uint8Array(17 * 1024 * 1024)), { code: 'TOO_LARGE' }],
  ])('W5 %s is refused before any work', async (_, ask, error) => {
    const asked: string[] = [];
    serveCompute(bus.calls, recorder(asked));
    const { message, ...facts } = error as { message?: RegExp };
    const thrown = await ask(computeClient(bus.calls)).catch((reason: unknown) => reason);
    expect(thrown).toMatchObject({ name: 'ComputeError', ...facts });
    if (message) expect((thrown as Error).message).toMatch(message);
    expect(asked).toEqual([]);
  });

  it('W5 requests of another version are refused, and answers of one are INTERNAL', async () => {
    const server = serveCompute(bus.calls, recorder([]));
    const refusal = await bus.calls.call('compute', Uint8Array.of(0xc1)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CallFailedError);
    expect(refusal).toMatchObject({ reason: 'BAD_INPUT' });
    await server.close();
    bus.calls.serve('compute', async () => Uint8Array.of(1), { concurrency: 1 });
    await expect(encode()).rejects.toMatchObject({ code: 'INTERNAL', message: /another version/ });
  });
});
