// What a run's page computes by itself: heat, statistics, words, addresses; and the queries that it gives away.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readCompared, writeCompared } from '../src/features/compare/address.ts';
import { differingSettings } from '../src/features/compare/differing-settings.ts';
import { describeChange } from '../src/features/run/describe-change.ts';
import { formatBytes, formatDuration, formatNumber } from '../src/features/run/format.ts';
import { fadeLength, heat, indexOfStep } from '../src/features/run/heat.ts';
import { planRows } from '../src/features/run/plan-rows.ts';
import {
  compareQuery,
  enumValue,
  historyQuery,
  queryAs,
  runQuery,
  sweepQuery,
} from '../src/features/run/query-text.ts';
import { positionStatistics } from '../src/features/run/token-statistics.ts';
import { readAxisValues } from '../src/features/sweeps/axis-values.ts';
import { gridsOf } from '../src/features/sweeps/grid.ts';

describe('the heat map', () => {
  const history = { positions: 2, steps: [0, 1, 2, 3, 4, 5], changed: [[0], [], [1], [], [], [0]] };

  it('is hot where a token changed, then fades', () => {
    const fade = fadeLength(6);
    const cells = Array.from(heat(history, 6), (value) => Number(value.toFixed(3)));
    const after = (steps: number) => Number(Math.max(0, 1 - steps / fade).toFixed(3));
    expect(cells.slice(0, 6)).toEqual([1, after(1), after(2), 0, 0, 1]);
    expect(cells.slice(6)).toEqual([0, 0, 1, after(1), after(2), 0]);
  });

  it('hides no change where there are fewer columns than steps', () => {
    const steps = Array.from({ length: 1000 }, (_, i) => i);
    const changed = steps.map((step) => (step === 777 ? [0] : []));
    const cells = heat({ positions: 1, steps, changed }, 100);
    expect(cells[77]).toBe(1);
    expect(cells.slice(0, 77).every((value) => value === 0)).toBe(true);
  });

  it('finds the newest step that is not after another', () => {
    expect([-1, 0, 3, 4, 99].map((step) => indexOfStep([0, 2, 4], step))).toEqual([-1, 0, 1, 2, 2]);
  });
});

it('counts changes and bits of every position', () => {
  const rows = [
    [1, 9],
    [2, 9],
    [1, 9],
    [2, 9],
  ];
  expect(positionStatistics(2, [0, 1, 2, 3], rows, [[], [0], [0], [0]])).toEqual([
    { position: 0, changes: 3, firstChanged: 1, lastChanged: 3, entropy: 1 },
    { position: 1, changes: 0, firstChanged: null, lastChanged: null, entropy: 0 },
  ]);
});

describe('queries to copy', () => {
  const schema = buildSchema(
    readFileSync(fileURLToPath(new URL('../../../packages/schema/schema.graphql', import.meta.url)), 'utf8'),
  );
  const filter = { text: 'say "hi"', statuses: [enumValue('RUNNING')], minScore: 0.5, pinned: true };

  it.each([
    ['a run', runQuery('UnVuOmE=', 299)],
    ['one run', compareQuery([{ id: 'a', step: 1 }])],
    [
      'two runs',
      compareQuery([
        { id: 'a', step: 1 },
        { id: 'b', step: 20 },
      ]),
    ],
    ['the history', historyQuery('w', filter, 'SCORE')],
    ['a sweep', sweepQuery('s', 7)],
  ])('are valid: %s', (_, query) => {
    expect(validate(schema, parse(query))).toEqual([]);
  });

  it('are wrapped for a shell and a notebook', () => {
    const shell = queryAs('shell', '{ viewer { kind } }', 'http://localhost:3000/graphql');
    expect(JSON.parse(shell.split('\n')[1]!)).toEqual({ query: '{ viewer { kind } }' });
    expect(queryAs('python', '{ viewer { kind } }', 'http://x/graphql')).toContain('"http://x/graphql"');
  });
});

describe('values of a sweep', () => {
  it.each([
    ['0.05, 0.1;0.2', 'number', [0.05, 0.1, 0.2]],
    ['1..4', 'whole', [1, 2, 3, 4]],
    ['0..0.3 by 0.1', 'number', [0, 0.1, 0.2, 0.3]],
    ['a fox, red\n\na hen', 'text', ['a fox, red', 'a hen']],
    ['2, 2, 3', 'whole', [2, 3]],
  ] as const)('%s', (text, kind, values) => {
    expect(readAxisValues(text, kind)).toEqual({ values });
  });

  it.each([
    ['', 'number', 'Write some values.'],
    ['fox', 'number', '“fox” is not a number'],
    ['1.5', 'whole', 'holds a fraction'],
    ['5..1', 'number', 'is not a number or a range'],
    ['1..500', 'whole', 'more than 20'],
  ] as const)('%s: says what is wrong', (text, kind, words) => {
    expect(readAxisValues(text, kind)).toEqual({ problem: expect.stringContaining(words) });
  });

  it('become grids: first axis across, second down, one grid for each value of the third', () => {
    const axes = ['a', 'b', 'c'].map((path) => ({ path, values: [0, 1] }));
    const runs = [{ sweepCell: [1, 0, 1] }, { sweepCell: [0, 1, 0] }];
    const grids = gridsOf(axes, runs, ({ path }, index) => `${path}=${index}`);
    expect(grids.map(({ title }) => title)).toEqual(['c=0', 'c=1']);
    expect(grids[0]?.cells).toEqual([
      [null, null],
      [runs[1], null],
    ]);
    expect(grids[1]?.cells).toEqual([
      [null, runs[0]],
      [null, null],
    ]);
  });
});

it('reads and writes the address of a comparison', () => {
  const text = 'UnVuOmE=@12,UnVuOmI=';
  expect(writeCompared(readCompared(text))).toBe(text);
  expect(readCompared('<script>, ,a@x,b')).toEqual([{ runId: 'b', step: null }]);
  expect(readCompared(Array.from({ length: 40 }, (_, i) => `r${i}`).join(','))).toHaveLength(16);
});

it('tells which settings differ', () => {
  const plan = (prompt: string, noise: number) => ({ noise, seed: 1, objectives: [{ kind: 'clip', prompt }] });
  expect(differingSettings([plan('a fox', 0), plan('a hen', 0)])).toEqual([
    { label: 'Prompt', values: ['a fox', 'a hen'] },
  ]);
});

it('puts numbers and changes into words', () => {
  expect([null, 0, -0.689251, 1234567, 0.00001].map((value) => formatNumber(value))).toEqual([
    '–',
    '0',
    '-0.6893',
    '1.23e+6',
    '1.00e-5',
  ]);
  expect([850, 12_400, 200_000, 7_500_000].map(formatDuration)).toEqual(['850 ms', '12 s', '3 min 20 s', '2 h 5 min']);
  expect([12, 41_809, 2_564_000_000].map(formatBytes)).toEqual(['12 B', '42 kB', '2.6 GB']);
  expect(describeChange({ learningRate: 0.5, objectives: [{ index: 0, prompt: 'a hen' }] })).toBe(
    'Set learningRate 0.5, objective 1 prompt “a hen”',
  );
  expect(describeChange({ lockedPositions: [3, 10], noise: 0 })).toBe('Set locked tokens 3 10, noise 0');
  expect(describeChange({ lockedPositions: [] })).toBe('Set all tokens free');
});

it('lists the locked tokens of a plan, where there are any', () => {
  const labelled = (plan: object) => planRows(plan).general.map(({ label, value }) => `${label}: ${value}`);
  expect(labelled({ iterations: 5, lockedPositions: [3, 10] })).toEqual(['Steps: 5', 'Locked tokens: 3, 10']);
  expect(labelled({ iterations: 5, lockedPositions: [] })).toEqual(['Steps: 5']);
});
