// Sweeps: a grid of parameters becomes runs, all or none.
import { describe, expect, it } from 'vitest';
import type { Studio } from '../support/studio.ts';
import { type Lab, type Person, useLab } from './support/lab.ts';
import { PLAN } from './support/start.ts';

let lab: Lab;
let studio: Studio;
let ada: Person;
useLab((opened) => {
  lab = opened;
  ({ studio, ada } = opened);
});

describe('sweeps', () => {
  const sweep = (input: object, viewer = ada) =>
    studio.change(
      viewer,
      'createSweep',
      { ...lab.place, name: 'Grid', plan: PLAN, ...input },
      'sweep { id name axes { path values } runs { sweepCell plan status } }',
    );
  const axes = [
    { path: 'learningRate', values: [0.1, 0.2] },
    { path: 'objectives.0.prompt', values: ['a', 'b'] },
  ];

  it('are queued as one', async () => {
    const made = await sweep({ axes, idempotencyKey: 'grid' });
    expect(made.problem).toBeNull();
    expect(made.sweep.axes).toEqual(axes);
    expect(
      made.sweep.runs.map(({ sweepCell, plan }: { sweepCell: number[]; plan: { learningRate: number } }) => [
        sweepCell,
        plan.learningRate,
      ]),
    ).toEqual([
      [[0, 0], 0.1],
      [[0, 1], 0.1],
      [[1, 0], 0.2],
      [[1, 1], 0.2],
    ]);
    expect((await sweep({ axes, idempotencyKey: 'grid' })).sweep.id).toBe(made.sweep.id);
  });

  it.each<[string, object, string, string | null]>([
    ['too many runs', { axes: [{ path: 'seed', values: [1, 2, 3, 4, 5, 6, 7, 8, 9] }] }, 'BAD_INPUT', 'axes'],
    ['a cell that cannot run', { axes: [{ path: 'learningRate', values: [0.1, 0] }] }, 'BAD_INPUT', 'axes.0.values.1'],
    ['a path that is none', { axes: [{ path: 'constructor', values: [1] }] }, 'BAD_INPUT', 'axes.0.path'],
    [
      'a tokenizer that is unknown',
      { axes: [{ path: 'tokenizer', values: ['toy', 'nope'] }] },
      'BAD_INPUT',
      'plan.tokenizer',
    ],
    ['no name', { axes, name: ' ' }, 'BAD_INPUT', 'name'],
  ])('are refused with %s, whole', async (_, input, code, field) => {
    const before = await lab.count();
    expect(await sweep(input)).toMatchObject({ sweep: null, problem: { code, field } });
    expect(await lab.count()).toBe(before);
  });
});
