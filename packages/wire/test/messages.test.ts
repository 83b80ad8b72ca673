// Messages survive the wire unchanged, and nothing that is not one passes.
import { randomOf } from '@tessera/protocol/testing';
import { describe, expect, it } from 'vitest';
import {
  decodeChange,
  decodeFrameMessage,
  decodeStatus,
  decodeStep,
  encodeChange,
  encodeFrameMessage,
  encodeStatus,
  encodeStep,
  WireFormatError,
  type WorkspaceChange,
} from '../src/index.ts';
import { frame, skipped, status, step } from './samples.ts';

/** As Redis delivers: another kind of view, at an odd address. */
function asBuffer(data: Uint8Array): Buffer {
  const buffer = Buffer.alloc(data.length + 1);
  buffer.set(data, 1);
  return buffer.subarray(1);
}

describe('messages', () => {
  it.each([step, skipped])('W1 steps keep every number: $step.tokens.kind', (message) => {
    for (const data of [encodeStep(message), asBuffer(encodeStep(message))]) {
      const decoded = decodeStep(data);
      expect(decoded).toStrictEqual(message);
      expect(Object.is(decoded.step.loss, message.step.loss)).toBe(true);
    }
  });

  it('a step of 32 tokens takes under 700 bytes', () => {
    expect(encodeStep(step).length).toBeLessThan(700);
  });

  it('W1 statuses, with and without an error', () => {
    expect(decodeStatus(encodeStatus(status))).toStrictEqual(status);
    const running = { type: 'status', runId: 'run_1', seq: 0, status: 'running' } as const;
    expect(decodeStatus(encodeStatus(running))).toStrictEqual(running);
  });

  it('W1 frames, their bytes untouched', () => {
    expect(decodeFrameMessage(encodeFrameMessage(frame))).toStrictEqual(frame);
    expect(decodeFrameMessage(asBuffer(encodeFrameMessage(frame)))).toStrictEqual(frame);
  });

  it.each<WorkspaceChange>([
    { kind: 'SEED', id: 'seed_1' },
    { kind: 'RUN', id: 'run_1', sessionId: null, status: 'queued' },
    { kind: 'RUN', id: 'run_1', sessionId: 'ses_1', status: 'completed' },
  ])('W1 changes: $kind $status', (change) => {
    expect(decodeChange(encodeChange(change))).toStrictEqual(change);
  });

  it('W4 the same bytes are decoded once', () => {
    const data = encodeStep(step);
    expect(decodeStep(data)).toBe(decodeStep(data));
  });

  it('keeps only what a message needs', () => {
    expect(encodeStep(step).buffer.byteLength).toBe(encodeStep(step).length);
  });
});

describe('what is no message', () => {
  const decoders = { decodeStep, decodeStatus, decodeFrameMessage, decodeChange };
  const messages = {
    decodeStep: encodeStep(step),
    decodeStatus: encodeStatus(status),
    decodeFrameMessage: encodeFrameMessage(frame),
    decodeChange: encodeChange({ kind: 'SEED', id: 's' }),
  };

  it('W2 is refused when it is of another kind', () => {
    for (const [name, decode] of Object.entries(decoders)) {
      for (const [other, data] of Object.entries(messages)) {
        if (name !== other) expect(() => decode(data.slice()), `${name} of ${other}`).toThrow(WireFormatError);
      }
    }
  });

  it('W2 is refused in one line that names what was expected', () => {
    const thrown = (() => {
      try {
        decodeStep(Uint8Array.of(0xc1));
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(WireFormatError);
    expect(thrown).toMatchObject({ code: 'WIRE_FORMAT', expected: 'step' });
    expect((thrown as Error).message).toMatch(/^These bytes are no step \(.+\)\.$/);
  });

  it.each([
    ['a number of another step', { ...step, seq: 7 }],
    ['tokens without type', { ...step, step: { ...step.step, tokens: { kind: 'indices', data: [1, 2] } } }],
    [
      'float tokens as indices',
      { ...step, step: { ...step.step, tokens: { kind: 'indices', data: new Float32Array(2) } } },
    ],
    ['a loss in words', { ...step, step: { ...step.step, loss: 'NaN' } }],
    ['an unknown field', { ...step, extra: 1 }],
    ['no run', { ...step, runId: '' }],
  ])('W2 is refused with %s', (_, message) => {
    expect(() => decodeStep(encodeStep(message as never))).toThrow(WireFormatError);
  });

  it('W2 claims of 4 G elements are refused before anything is allocated', () => {
    // An array, a map, a string and an extension of 4 G elements.
    for (const head of [[0xdd], [0xdf], [0xdb], [0xc6], [0xc9]]) {
      const data = Uint8Array.from([...head, 0xff, 0xff, 0xff, 0xff, 1, 1, 1]);
      expect(() => decodeStep(data)).toThrow(WireFormatError);
    }
  });

  const seed = Number(process.env.TESSERA_WIRE_SEED ?? 1);
  const rounds = Number(process.env.TESSERA_WIRE_ROUNDS ?? 20_000);
  it(`W2 damaged bytes are refused or are a message, ${rounds} times (seed ${seed})`, () => {
    const next = randomOf(seed);
    const names = Object.keys(decoders) as (keyof typeof decoders)[];
    let refused = 0;
    for (let i = 0; i < rounds; i += 1) {
      const name = names[i % names.length]!;
      const data = messages[name].slice(0, next() < 0.3 ? Math.floor(next() * messages[name].length) : undefined);
      for (let hits = Math.floor(next() * 4); hits >= 0 && data.length > 0; hits -= 1)
        data[Math.floor(next() * Math.min(data.length, 300))] = next() * 256;
      try {
        decoders[name](data);
      } catch (error) {
        if (!(error instanceof WireFormatError)) throw new Error(`seed ${seed}, round ${i}: ${String(error)}`);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(rounds / 3);
  });
});
