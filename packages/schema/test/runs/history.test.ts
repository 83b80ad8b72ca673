// History queries, against what is counted by hand; neighbours, differences, lists and the queue.
import type { Workspace } from '@tessera/db';
import { describe, expect, it } from 'vitest';
import { globalId } from '../../src/input-checks.ts';
import { type Studio, useStudio } from '../support/studio.ts';
import { PLAN, startRun } from './support/start.ts';
import { stepAt, TestWorker, tokensAt } from './support/worker.ts';

let studio: Studio;
let ada: Awaited<ReturnType<Studio['person']>>;
let lab: Workspace;
/** 30, 10 and 40 steps, finished. */
const runs: string[] = [];
const STEPS = [30, 10, 40];
const PROMPTS = ['a red fox', 'a green house', 'a blue door'];

useStudio(
  async (opened) => {
    studio = opened;
    ada = await studio.person('Ada');
    lab = await studio.workspace(ada, 'history-lab');
    for (const [i, steps] of STEPS.entries()) {
      const plan = { ...PLAN, objectives: [{ kind: 'CLIP', prompt: PROMPTS[i] }] };
      runs.push(await startRun(studio, ada, lab.id, { plan }));
      const worker = await TestWorker.take(studio);
      for (let left = steps; left > 0; left -= 8) await worker.steps(Math.min(8, left));
      const vector = Float32Array.of(i === 0 ? 1 : 0, i === 1 ? 1 : 0, i === 2 ? 1 : 0);
      await worker.finish({ status: 'completed', score: (i + 1) / 10, embedding: { model: 'toy-clip', vector } });
    }
  },
  { replaySteps: 16 },
);

const ask = async (fields: string, id = runs[0]!) => (await studio.data(ada, `{ run(id: "${id}") { ${fields} } }`)).run;
const search = async (fields: string) =>
  (await studio.data(ada, `{ workspace(id: "${globalId('Workspace', lab.id)}") { ${fields} } }`)).workspace;
const wrong = async (query: string) => (await studio.run(ada, query)).errors[0]?.extensions;

describe('steps', () => {
  it('come alone, as a range, and as the newest', async () => {
    const record = stepAt(7);
    const { step, lastStep, none } = await ask(
      'step(step: 7) { runId seq step loss terms { kind loss similarity } gradientNorms tokens vectors changed score skipped steering picture(size: 8) { url width } } lastStep { step tokens } none: step(step: 30) { step }',
    );
    expect(step).toEqual({
      runId: runs[0],
      seq: 8,
      step: 7,
      loss: record.loss,
      terms: [{ kind: 'clip', loss: record.loss, similarity: 0.25 }],
      gradientNorms: step.gradientNorms,
      tokens: tokensAt(7),
      vectors: null,
      changed: record.changed,
      score: null,
      skipped: false,
      steering: [],
      picture: { url: expect.stringMatching(/^\/pictures\//), width: 8 },
    });
    expect(step.gradientNorms).toHaveLength(16);
    expect(lastStep).toEqual({ step: 29, tokens: tokensAt(29) });
    expect(none).toBeNull();
    const { steps } = await ask('steps(from: 3, to: 20, stride: 5) { step tokens }');
    expect(steps).toEqual([3, 8, 13, 18].map((at) => ({ step: at, tokens: tokensAt(at) })));
  });

  it('are refused when they are too many for one answer, and ranges that are none', async () => {
    expect(await wrong(`{ run(id: "${runs[0]}") { steps { step } } }`)).toMatchObject({
      code: 'BAD_INPUT',
      field: 'stride',
    });
    expect(await wrong(`{ run(id: "${runs[0]}") { steps(stride: 0) { step } } }`)).toMatchObject({ code: 'BAD_INPUT' });
    expect(await wrong(`{ run(id: "${runs[0]}") { steps(from: -1) { step } } }`)).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('give tokens over time, and what happened at each position', async () => {
    const { tokenHistory, positionStatistics } = await ask(
      'tokenHistory(stride: 3) { steps positions indices changed } positionStatistics { position changes firstChanged lastChanged entropy }',
    );
    const at = Array.from({ length: 10 }, (_, i) => i * 3);
    expect(tokenHistory.steps).toEqual(at);
    expect(tokenHistory.indices).toEqual(at.map(tokensAt));
    expect(tokenHistory.changed).toEqual(at.map((step) => stepAt(step).changed));
    const all = Array.from({ length: 30 }, (_, step) => tokensAt(step));
    positionStatistics.forEach((row: Record<string, number>, p: number) => {
      const changed = all.flatMap((tokens, step) => (step > 0 && tokens[p] !== all[step - 1]![p] ? [step] : []));
      const counts = new Map<number, number>();
      for (const tokens of all) counts.set(tokens[p]!, (counts.get(tokens[p]!) ?? 0) + 1);
      const entropy = [...counts.values()].reduce((sum, n) => sum - (n / 30) * Math.log2(n / 30), 0);
      expect(row).toEqual({
        position: p,
        changes: changed.length,
        firstChanged: changed[0] ?? null,
        lastChanged: changed.at(-1) ?? null,
        entropy: expect.closeTo(entropy, 5),
      });
    });
  });

  it('differ as their tokens do', async () => {
    const { stepDiff } = await studio.data(
      ada,
      `{ stepDiff(before: { runId: "${runs[0]}", step: 4 }, after: { runId: "${runs[2]}", step: 39 }) { positions { position before after } lossBefore lossAfter distance } }`,
    );
    const expected = tokensAt(4).flatMap((before, position) => {
      const after = tokensAt(39)[position]!;
      return before === after ? [] : [{ position, before, after }];
    });
    expect(stepDiff).toEqual({
      positions: expected,
      lossBefore: stepAt(4).loss,
      lossAfter: stepAt(39).loss,
      distance: 0,
    });
    expect(
      await wrong(
        `{ stepDiff(before: { runId: "${runs[0]}", step: 30 }, after: { runId: "${runs[0]}", step: 0 }) { distance } }`,
      ),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('have pictures, perturbations and downloads', async () => {
    const {
      picture,
      perturbations,
      export: file,
    } = await ask(
      'picture(step: 3, size: 16, format: PNG) { contentType width dataUrl } perturbations(step: 3, position: 2, count: 4, size: 8) { token change picture { width } } export(format: NPZ, stride: 2, fps: 3) { url filename contentType }',
    );
    expect(picture).toMatchObject({
      contentType: 'image/png',
      width: 16,
      dataUrl: expect.stringMatching(/^data:image\/png/),
    });
    expect(perturbations.map(({ token }: { token: number }) => token)).toEqual([0, 1, 2, 3]);
    expect(file).toMatchObject({
      contentType: 'application/zip',
      filename: expect.stringMatching(/^run-[\w-]+\.npz$/),
    });
    const subject = await studio.services.tickets.open(file.url.replace('/exports/', ''));
    expect(subject).toMatchObject({ kind: 'run-export', format: 'NPZ', stride: 2 });
    expect(subject).not.toHaveProperty('fps');
  });
});

describe('searches', () => {
  it('list by text, score and status, with pages and a count', async () => {
    const by = async (filter: string, more = '') =>
      (await search(`runs(filter: { ${filter} } ${more}) { totalCount nodes { id } }`)).runs;
    expect(await by('text: "green"')).toEqual({ totalCount: 1, nodes: [{ id: runs[1] }] });
    expect(await by('minScore: 0.15, statuses: [COMPLETED]', 'orderBy: SCORE')).toEqual({
      totalCount: 2,
      nodes: [{ id: runs[2] }, { id: runs[1] }],
    });
    expect(await by(`userId: "${globalId('User', ada.userId)}", pinned: true`)).toEqual({ totalCount: 0, nodes: [] });
    const { runs: first } = await search(
      'runs(first: 2) { totalCount nodes { id } pageInfo { hasNextPage endCursor } }',
    );
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ id: runs[2] }, { id: runs[1] }],
      pageInfo: { hasNextPage: true },
    });
    const { runs: rest } = await search(
      `runs(first: 2, after: "${first.pageInfo.endCursor}") { nodes { id lastStep { step } } }`,
    );
    expect(rest.nodes).toEqual([{ id: runs[0], lastStep: { step: 29 } }]);
  });

  it('find runs by tokens at their places and by token distance', async () => {
    const last = tokensAt(29);
    const tokens = `[{ position: 0, token: ${last[0]} }, { position: 1, token: ${last[1]} }]`;
    const { runsByToken } = await search(`runsByToken(tokenizer: "toy", tokens: ${tokens}) { id }`);
    expect(runsByToken).toEqual([{ id: runs[0] }]);
    const { runsNearTokens } = await search(`runsNearTokens(to: { runId: "${runs[0]}" }) { run { id } distance }`);
    const distance = (steps: number) => tokensAt(steps - 1).filter((token, p) => token !== last[p]).length;
    const expected = [1, 2]
      .map((i) => ({ run: { id: runs[i] }, distance: distance(STEPS[i]!) }))
      .sort((a, b) => a.distance - b.distance);
    expect(runsNearTokens).toEqual(expected);
    const { runsNearTokens: own } = await search(
      `runsNearTokens(to: { indices: [${tokensAt(9)}] }, first: 1) { run { id } distance overlap }`,
    );
    expect(own).toEqual([{ run: { id: runs[1] }, distance: 0, overlap: 1 }]);
  });

  it('find runs by what their pictures show', async () => {
    const { runsNearImage } = await search('runsNearImage(to: { text: "something blue" }) { run { id } similarity }');
    expect(runsNearImage[0].run.id).toBe(runs[2]);
    expect(runsNearImage).toHaveLength(3);
  });

  it('name the argument that is wrong', async () => {
    const of = (field: string) => wrong(`{ workspace(id: "${globalId('Workspace', lab.id)}") { ${field} } }`);
    expect(await of('runsNearTokens(to: {}) { distance }')).toMatchObject({ code: 'BAD_INPUT' });
    expect(await of('runsNearTokens(to: { indices: [1] }) { distance }')).toMatchObject({
      code: 'BAD_INPUT',
      field: 'to.indices',
    });
    expect(await of('runsNearImage(to: { text: " " }) { similarity }')).toMatchObject({
      code: 'BAD_INPUT',
      field: 'to.text',
    });
    expect(await of('runsNearImage(to: { text: "x" }, model: "none") { similarity }')).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await of('runsByToken(tokenizer: "toy", tokens: []) { id }')).toMatchObject({ code: 'BAD_INPUT' });
    expect(await of(`runs(filter: { seedId: "x" }) { totalCount }`)).toMatchObject({
      code: 'BAD_INPUT',
      field: 'filter.seedId',
    });
  });
});

describe('subscriptions of lists', () => {
  it('tell of the queue and of changed runs', async () => {
    const workspaceId = globalId('Workspace', lab.id);
    const queue = await studio.subscribe(
      ada,
      `subscription { queue(workspaceId: "${workspaceId}") { queued positions { ahead run { id } } } }`,
    );
    expect((await queue.next()).value!.data).toEqual({ queue: { queued: 0, positions: [] } });
    const runId = await startRun(studio, ada, lab.id);
    expect((await queue.next()).value!.data.queue).toEqual({
      queued: 1,
      positions: [{ ahead: 0, run: { id: runId } }],
    });
    await queue.return();
    const changed = await studio.subscribe(
      ada,
      `subscription { runsChanged(workspaceId: "${workspaceId}") { id status } }`,
    );
    const wanted = async (status: string) => {
      for await (const { data } of { [Symbol.asyncIterator]: () => ({ next: () => changed.next() }) }) {
        if (data.runsChanged.id === runId && data.runsChanged.status === status) return true;
      }
      return false;
    };
    expect(await wanted('QUEUED')).toBe(true);
    await studio.change(ada, 'cancelRun', { runId });
    expect(await wanted('CANCELLED')).toBe(true);
    await changed.return();
  });
});
