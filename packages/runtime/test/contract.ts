// The contract of a runtime and its sessions: one suite, run over every provider and both processes.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FeedError,
  ModelLoadError,
  type OnnxModel,
  OptionError,
  openRuntime,
  RunError,
  type Runtime,
  RuntimeClosedError,
  type RuntimeOptions,
  SessionClosedError,
  type Tensor,
  tensor,
} from '../src/index.ts';
import { affine, affineModel, doubleModel, f32, randomArray, seeded } from './graphs.ts';
import { onnx } from './onnx.ts';

const SEED = 20260;

export function runtimeContract(name: string, options: RuntimeOptions): void {
  describe(`runtime contract: ${name} (seed ${SEED})`, () => {
    let runtime: Runtime;
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tessera-runtime-')));
    beforeAll(async () => {
      runtime = await openRuntime(options);
    });
    afterAll(async () => {
      await runtime[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    async function once(model: OnnxModel, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
      const session = await runtime.load(model);
      try {
        return await session.run(feeds);
      } finally {
        await session[Symbol.asyncDispose]();
      }
    }

    it('says which provider it took and why', () => {
      expect(runtime.provider).toBe(options.provider);
      expect(runtime.process).toBe(options.process);
      expect(runtime.why).toMatch(new RegExp(`^${options.provider}: .*\\.$`));
      expect(runtime.restarts).toBe(0);
    });

    it('computes what plain JavaScript computes', async () => {
      const random = seeded(SEED);
      for (const [m, k, n] of [
        [1, 1, 1],
        [3, 5, 2],
        [17, 33, 9],
        [64, 128, 65],
      ] as const) {
        const [a, b, c] = [randomArray(random, m * k), randomArray(random, k * n), randomArray(random, n)];
        const { y } = await once(affineModel(m, k, n), {
          a: tensor('float32', [m, k], a),
          b: tensor('float32', [k, n], b),
          c: tensor('float32', [n], c),
        });
        expect(y).toMatchObject({ dtype: 'float32', shape: [m, n] });
        const expected = affine(m, k, n, a, b, c);
        const worst = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - Number(y!.data[i]))), 0);
        expect(worst).toBeLessThan(1e-4);
      }
    });

    it('gives the same bytes for the same feeds', async () => {
      const session = await runtime.load(affineModel(8, 256, 8));
      const random = seeded(SEED + 1);
      const feeds = {
        a: tensor('float32', [8, 256], randomArray(random, 8 * 256)),
        b: tensor('float32', [256, 8], randomArray(random, 256 * 8)),
        c: tensor('float32', [8], randomArray(random, 8)),
      };
      const first = await session.run(feeds);
      for (let i = 0; i < 3; i++) expect((await session.run(feeds)).y!.data).toEqual(first.y!.data);
      await session[Symbol.asyncDispose]();
    });

    it('names the input, what was given and what is right', async () => {
      const session = await runtime.load(doubleModel(3));
      const good = tensor('float32', [3], Float32Array.of(1, 2, 3));
      const cases: [Record<string, Tensor>, { input: string; given: string; expected: string }][] = [
        [{}, { input: 'x', given: 'missing', expected: 'float32[3]' }],
        [
          { x: tensor('int32', [3], Int32Array.of(1, 2, 3)) },
          { input: 'x', given: 'int32[3]', expected: 'float32[3]' },
        ],
        [{ x: tensor('float32', [1, 3], good.data) }, { input: 'x', given: 'float32[1,3]', expected: 'float32[3]' }],
        [
          { x: good, z: good },
          { input: 'z', given: 'not an input of this model', expected: 'one of x' },
        ],
      ];
      for (const [feeds, facts] of cases) {
        const error = await session.run(feeds).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(FeedError);
        expect(error).toMatchObject({ code: 'FEED_INVALID', ...facts });
      }
      const short = { dtype: 'float32', shape: [3], data: Float32Array.of(1) } as const;
      await expect(session.run({ x: short })).rejects.toThrow(/unsound.*1 elements; it needs 3/);
      expect((await session.run({ x: good })).y!.data).toEqual(Float32Array.of(2, 4, 6));
      await session[Symbol.asyncDispose]();
    });

    it('queues concurrent runs and keeps their order', async () => {
      const session = await runtime.load(doubleModel(4));
      const finished: number[] = [];
      const runs = Array.from({ length: 24 }, async (_, i) => {
        const { y } = await session.run({ x: tensor('float32', [4], new Float32Array(4).fill(i)) });
        finished.push(i);
        return y!.data[3];
      });
      expect(await Promise.all(runs)).toEqual(Array.from({ length: 24 }, (_, i) => 2 * i));
      expect(finished).toEqual([...finished].sort((a, b) => a - b));
      await session[Symbol.asyncDispose]();
    });

    it('finishes queued runs before a dispose, and refuses later ones', async () => {
      const session = await runtime.load(doubleModel(100_000));
      const x = tensor('float32', [100_000], new Float32Array(100_000).fill(1.5));
      const waiting = [session.run({ x }), session.run({ x }), session.run({ x })];
      const closing = session[Symbol.asyncDispose]();
      await expect(session.run({ x })).rejects.toBeInstanceOf(SessionClosedError);
      for (const { y } of await Promise.all(waiting)) expect(y!.data[99_999]).toBe(3);
      await closing;
      await session[Symbol.asyncDispose]();
    });

    it('hands out outputs that are the caller’s own', async () => {
      const session = await runtime.load(doubleModel(2));
      const first = await session.run({ x: tensor('float32', [2], Float32Array.of(1, 2)) });
      await session.run({ x: tensor('float32', [2], Float32Array.of(7, 8)) });
      expect(first.y!.data).toEqual(Float32Array.of(2, 4));
      expect(first.y!.data.buffer.byteLength).toBe(8);
      await session[Symbol.asyncDispose]();
    });

    it('carries outputs of 16 MB', async () => {
      const model = onnx(
        [{ op: 'Add', inputs: ['a', 'b'], output: 'y' }],
        [f32('a', 2048, 1), f32('b', 1, 2048)],
        [f32('y', 2048, 2048)],
      );
      const ramp = Float32Array.from({ length: 2048 }, (_, i) => i / 2048);
      const { y } = await once(model, { a: tensor('float32', [2048, 1], ramp), b: tensor('float32', [1, 2048], ramp) });
      expect(y!.data.length).toBe(2048 * 2048);
      let wrong = 0;
      for (let i = 0; i < 2048; i++) {
        for (let j = 0; j < 2048; j++) if (y!.data[i * 2048 + j] !== ramp[i]! + ramp[j]!) wrong++;
      }
      expect(wrong).toBe(0);
    });

    it('carries every dtype, and views into larger arrays', async () => {
      const odd = new Uint8Array(11).fill(9);
      odd.set([0, 1, 255], 5);
      const cases: [Tensor, string, Record<string, number> | undefined, Tensor][] = [
        // 1.5, -2 and the largest half: 0x3e00, 0xc000, 0x7bff.
        [
          tensor('float16', [3], Uint16Array.of(0x3e00, 0xc000, 0x7bff)),
          'Cast',
          { to: 1 },
          tensor('float32', [3], Float32Array.of(1.5, -2, 65504)),
        ],
        [
          tensor('float32', [2], Float32Array.of(1.5, -2)),
          'Cast',
          { to: 10 },
          tensor('float16', [2], Uint16Array.of(0x3e00, 0xc000)),
        ],
        [
          tensor('int64', [2], BigInt64Array.of(-(2n ** 62n), 7n)),
          'Abs',
          undefined,
          tensor('int64', [2], BigInt64Array.of(2n ** 62n, 7n)),
        ],
        [
          tensor('int32', [2, 1], Int32Array.of(-5, 6)),
          'Neg',
          undefined,
          tensor('int32', [2, 1], Int32Array.of(5, -6)),
        ],
        [tensor('uint8', [3], odd.subarray(5, 8)), 'Cast', { to: 6 }, tensor('int32', [3], Int32Array.of(0, 1, 255))],
        [
          tensor('float32', [3], Float32Array.of(0, 1, 255)),
          'Cast',
          { to: 2 },
          tensor('uint8', [3], Uint8Array.of(0, 1, 255)),
        ],
        [tensor('bool', [2], Uint8Array.of(0, 1)), 'Not', undefined, tensor('bool', [2], Uint8Array.of(1, 0))],
        [tensor('float32', [], Float32Array.of(-3)), 'Abs', undefined, tensor('float32', [], Float32Array.of(3))],
      ];
      for (const [x, op, ints, expected] of cases) {
        const info = { name: 'y', dtype: expected.dtype, shape: expected.shape };
        const node = { op, inputs: ['x'], output: 'y', ...(ints === undefined ? {} : { ints }) };
        const model = onnx([node], [{ name: 'x', dtype: x.dtype, shape: x.shape }], [info]);
        const y = await once(model, { x }).then(
          (outputs) => outputs.y,
          (thrown: unknown) => thrown,
        );
        // Half precision is optional in WebGPU; SwiftShader is without it and says so.
        if (options.provider === 'webgpu' && y instanceof RunError && y.detail.includes('requires f16')) continue;
        expect(y).toEqual(expected);
      }
    });

    describe('weights in a file', () => {
      const weights = Float32Array.of(10, 20, 30, 40);
      const model = (path: string, offset: number) =>
        onnx(
          [{ op: 'Add', inputs: ['x', 'w'], output: 'y' }],
          [f32('x', 4)],
          [f32('y', 4)],
          [{ ...f32('w', 4), data: { location: path.slice(1), offset, length: 16 } }],
        );
      const x = tensor('float32', [4], Float32Array.of(1, 2, 3, 4));

      it.each([
        ['repacked', true],
        ['memory-mapped', false],
      ])('are read at an unaligned offset, %s', async (_, prepack) => {
        const path = join(folder, 'weights.bin');
        writeFileSync(path, Buffer.concat([Buffer.alloc(107, 0xff), Buffer.from(weights.buffer)]));
        const session = await runtime.load(model(path, 107), { prepack });
        expect((await session.run({ x })).y!.data).toEqual(Float32Array.of(11, 22, 33, 44));
        await session[Symbol.asyncDispose]();
      });

      it('are missed by name when the file is not there, and when it is too short', async () => {
        writeFileSync(join(folder, 'short.bin'), Buffer.alloc(20));
        for (const [file, named] of [
          ['absent.bin', 'absent.bin'],
          ['short.bin', 'External initializer: w '],
        ] as const) {
          const error = await failure(runtime.load(model(join(folder, file), 16)));
          expect(error).toBeInstanceOf(ModelLoadError);
          expect(error.message).toContain(named);
          expect(error.message).not.toContain('\n');
        }
      });
    });

    it('refuses corrupt bytes, an unknown operator and a false declaration with one line each', async () => {
      const good = doubleModel(3);
      const random = seeded(SEED + 2);
      const models: OnnxModel[] = [
        { ...good, bytes: new Uint8Array(0) },
        { ...good, bytes: good.bytes.subarray(0, good.bytes.length - 7) },
        { ...good, bytes: Uint8Array.from({ length: 300 }, () => random() * 256) },
        onnx([{ op: 'NoSuchOp', inputs: ['x'], output: 'y' }], good.inputs, good.outputs),
        { ...good, inputs: [f32('x', 4)] },
        { ...good, outputs: [f32('other', 3)] },
        { ...good, outputs: [] },
      ];
      for (const model of models) {
        const error = await failure(runtime.load(model));
        expect(error).toBeInstanceOf(ModelLoadError);
        expect(error).toMatchObject({ code: 'MODEL_LOAD_FAILED', provider: options.provider });
        expect(error.message).not.toMatch(/\n|onnxruntime_src/);
      }
      expect(runtime.restarts).toBe(0);
    });

    it('refuses options out of range', async () => {
      for (const bad of [{ threads: 0 }, { threads: 1.5 }, { deviceId: -1 }]) {
        expect(await failure(runtime.load(doubleModel(1), bad))).toBeInstanceOf(OptionError);
      }
    });

    it('reports a failing run and stays usable', async () => {
      const index = { name: 'i', dtype: 'int64', shape: [1] } as const;
      const session = await runtime.load(
        onnx([{ op: 'Gather', inputs: ['x', 'i'], output: 'y' }], [f32('x', 3), index], [f32('y', 1)]),
        // The CPU kernel checks indices; a GPU clamps them.
      );
      const x = tensor('float32', [3], Float32Array.of(1, 2, 3));
      if (options.provider === 'cpu') {
        const error = await failure(session.run({ x, i: tensor('int64', [1], BigInt64Array.of(99n)) }));
        expect(error).toBeInstanceOf(RunError);
        expect(error.message).not.toContain('\n');
      }
      expect((await session.run({ x, i: tensor('int64', [1], BigInt64Array.of(2n)) })).y!.data).toEqual(
        Float32Array.of(3),
      );
      await session[Symbol.asyncDispose]();
    });

    // WebGPU frees weights with its device, and a failed load like those above keeps the device (docs/gpu.md): only a fresh process can show it.
    const frees = options.provider === 'webgpu' && options.process === 'inline' ? it.skip : it;
    frees('frees what it loads: 100 sessions of 4 MB weights, 100 outputs of 4 MB', async () => {
      const n = 1024;
      const path = join(folder, 'square.bin');
      writeFileSync(path, Buffer.alloc(4 * n * n));
      const w = { ...f32('w', n, n), data: { location: path.slice(1), offset: 0, length: 4 * n * n } };
      const model = onnx([{ op: 'Add', inputs: ['x', 'w'], output: 'y' }], [f32('x', n, n)], [f32('y', n, n)], [w]);
      const x = tensor('float32', [n, n], new Float32Array(n * n));
      const fresh = await openRuntime(options);
      const round = async () => {
        const session = await fresh.load(model);
        await session.run({ x });
        await session[Symbol.asyncDispose]();
      };
      // Pools and caches fill first.
      for (let i = 0; i < 20; i++) await round();
      const before = (await fresh.stats()).rssBytes;
      for (let i = 0; i < 80; i++) await round();
      const grown = (await fresh.stats()).rssBytes - before;
      await fresh[Symbol.asyncDispose]();
      // A leak of the weights or of the outputs alone would be 336 MB; the allocators of CPU and WebGPU settle within 100 MB.
      expect(grown).toBeLessThan(200e6);
    });

    it('reports the memory of its process', async () => {
      const stats = await runtime.stats();
      expect(stats.pid === process.pid).toBe(options.process === 'inline');
      expect(stats.rssBytes).toBeGreaterThan(20e6);
      expect(stats.peakRssBytes).toBeGreaterThanOrEqual(stats.rssBytes * 0.9);
    });

    it('after dispose: sessions and runtime refuse further work', async () => {
      const other = await openRuntime(options);
      const session = await other.load(doubleModel(1));
      const x = tensor('float32', [1], Float32Array.of(1));
      await other[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      expect(await failure(other.load(doubleModel(1)))).toBeInstanceOf(RuntimeClosedError);
      expect(await failure(other.stats())).toBeInstanceOf(RuntimeClosedError);
      expect((await failure(session.run({ x }))).name).toMatch(/^(Session|Runtime)ClosedError$/);
      await session[Symbol.asyncDispose]();
    });

    it('kill() ends the sessions, and the next load works', async () => {
      const other = await openRuntime(options);
      const session = await other.load(doubleModel(1));
      const x = tensor('float32', [1], Float32Array.of(1));
      await other.kill();
      expect((await failure(session.run({ x }))).name).toBe(
        options.process === 'child' ? 'EngineCrashedError' : 'SessionClosedError',
      );
      const again = await other.load(doubleModel(1));
      expect((await again.run({ x })).y!.data).toEqual(Float32Array.of(2));
      await other[Symbol.asyncDispose]();
    });
  });
}

/** The error a promise rejects with; fails when it resolves. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
  }
  throw new Error('expected a rejection with an Error');
}
