// Spans as an OpenTelemetry provider of the process sees them: one per step that the engine takes, whoever shares it.
import { type Span, type SpanOptions, type Tracer, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepSpan } from '../src/tracing.ts';
import { follow } from './support/follow.ts';
import { embedded, HOOK_MS, openStage, type Stage } from './support/stage.ts';
import { smallPlan } from './support/world.ts';

interface Seen {
  readonly name: string;
  readonly attributes: SpanOptions['attributes'];
  ended: number;
}

const seen: Seen[] = [];
const noSpan = trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 });

/** Writes down what is told to it. */
function startSpan(name: string, options?: SpanOptions): Span {
  const one: Seen = { name, attributes: options?.attributes, ended: 0 };
  seen.push(one);
  return Object.assign(Object.create(noSpan) as Span, {
    end() {
      one.ended += 1;
    },
  });
}

/** Of its overloads only the one that the worker calls. */
const startActiveSpan = ((name: string, options: SpanOptions, work: (span: Span) => unknown) =>
  work(startSpan(name, options))) as Tracer['startActiveSpan'];

let stage: Stage;
beforeAll(async () => {
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan }) });
  stage = await openStage(await embedded());
}, HOOK_MS);
afterAll(async () => {
  trace.disable();
  await stage?.[Symbol.asyncDispose]();
}, HOOK_MS);

it(
  'every step of the engine has one that ends, and says how many runs share it',
  async () => {
    await using _ = await stage.worker({ devices: [{ engine: stage.engine, lanes: 2 }] });
    const ids = [];
    for (const iterations of [3, 5]) ids.push((await stage.world.queue(smallPlan({ iterations }))).id);
    await using first = follow(stage.bus, ids[0]!);
    await using second = follow(stage.bus, ids[1]!);
    for (const id of ids) await stage.bus.queue.hint(id);
    await Promise.all([first.became('completed'), second.became('completed')]);
    expect(new Set(seen.map(({ name }) => name))).toEqual(new Set(['engine step']));
    expect(seen.every(({ ended }) => ended === 1)).toBe(true);
    // However they met, together they took 3 + 5 steps.
    const lanes = seen.map(({ attributes }) => Number(attributes?.['tessera.lanes']));
    expect(lanes.reduce((sum, n) => sum + n, 0)).toBe(8);
  },
  HOOK_MS,
);

it(
  'that of a step that fails ends as well, and the error goes on',
  async () => {
    const failing = stepSpan(1, () => Promise.reject(new Error('out of memory')));
    await expect(failing).rejects.toThrow('out of memory');
    expect(seen.at(-1)).toEqual({ name: 'engine step', attributes: { 'tessera.lanes': 1 }, ended: 1 });
  },
  HOOK_MS,
);
