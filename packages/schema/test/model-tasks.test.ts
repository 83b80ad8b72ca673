// Downloads of models through the API: for the local user of a server that computes itself, with typed refusals for the rest.
import type { Compute, ModelPulls, ModelSummary, ModelTask } from '@tessera/wire';
import { beforeEach, expect, it } from 'vitest';
import type { Viewer } from '../src/index.ts';
import { modelsChanged, modelsOf } from '../src/runs/models.ts';
import { nobody, Studio, useStudio } from './support/studio.ts';

const local: Viewer = { kind: 'local', userId: 'user', name: 'You', share: null };
const FIELDS =
  'task { model kind state file received total bytesPerSecond failure { code message } sound files { path state } }';
const BEGUN: ModelTask = {
  ...{ model: 'toy-absent', kind: 'download', state: 'downloading', file: 'model.safetensors' },
  ...{ received: 5e9, total: 6e9, bytesPerSecond: 1.5e6, failure: null, report: null },
};

class StoreRefusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`refused: ${code}`);
    this.code = code;
  }
}

/** A store whose answers the tests choose. */
class ToyPulls implements ModelPulls {
  refusal: string | undefined;
  task = BEGUN;
  readonly asked: unknown[] = [];
  end: () => void = () => {};
  readonly #ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  tasks = () => [this.task];
  pull = async (...args: unknown[]) => this.#answer('pull', args);
  verify = async (...args: unknown[]) => this.#answer('verify', args);
  cancel = async (...args: unknown[]) => this.#answer('cancel', args);

  async settled(): Promise<ModelTask> {
    await this.#ended;
    return this.task;
  }

  async #answer(name: string, args: readonly unknown[]): Promise<ModelTask> {
    this.asked.push([name, ...args]);
    if (this.refusal !== undefined) throw new StoreRefusal(this.refusal);
    return this.task;
  }
}

let bare: Studio;
useStudio((opened) => {
  bare = opened;
});
let pulls: ToyPulls;
let studio: Studio;
beforeEach(() => {
  pulls = new ToyPulls();
  studio = new Studio({ ...bare.services, modelPulls: pulls }, bare.compute, async () => {});
});

it('begins, shows and cancels what the local user asks for', async () => {
  const begun = await studio.change(local, 'pullModel', { model: ' toy-absent ' }, FIELDS);
  expect(begun).toEqual({
    task: {
      ...{ model: 'toy-absent', kind: 'DOWNLOAD', state: 'DOWNLOADING', file: 'model.safetensors' },
      ...{ received: 5e9, total: 6e9, bytesPerSecond: 1.5e6, failure: null, sound: null, files: [] },
    },
    problem: null,
  });
  await studio.change(local, 'pullModel', { model: 'toy-absent', repair: true }, FIELDS);
  await studio.change(local, 'cancelModelPull', { model: 'toy-absent' }, FIELDS);
  await studio.change(local, 'verifyModel', { model: 'toy-absent' }, FIELDS);
  expect(pulls.asked).toEqual([
    ['pull', 'toy-absent', { repair: false }],
    ['pull', 'toy-absent', { repair: true }],
    ['cancel', 'toy-absent'],
    ['verify', 'toy-absent'],
  ]);
  pulls.task = {
    ...{ ...BEGUN, kind: 'verify', state: 'done' },
    report: { ok: false, files: [{ path: 'config.json', state: 'changed' }] },
  };
  const { modelTasks, studio: facts } = await studio.data(
    local,
    '{ studio { modelDownloads } modelTasks { state sound files { path state } } }',
  );
  expect(facts).toEqual({ modelDownloads: true });
  expect(modelTasks).toEqual([{ state: 'DONE', sound: false, files: [{ path: 'config.json', state: 'CHANGED' }] }]);
});

it.each([
  ['MODEL_UNKNOWN', 'NOT_FOUND'],
  ['MODEL_EMBEDDED', 'CONFLICT'],
  ['MODEL_HERE', 'CONFLICT'],
  ['MODEL_BUSY', 'CONFLICT'],
  ['MODEL_IDLE', 'CONFLICT'],
  ['MODEL_NOT_PULLED', 'CONFLICT'],
])('tells %s as a problem with the model that was named', async (refusal, code) => {
  pulls.refusal = refusal;
  for (const name of ['pullModel', 'cancelModelPull', 'verifyModel']) {
    const { task, problem } = await studio.change(local, name, { model: 'x' }, 'task { state }');
    expect(task).toBeNull();
    expect(problem).toEqual({ code, message: `refused: ${refusal}`, field: 'model' });
  }
});

it('is closed to accounts, whatever their role, and to nobody', async () => {
  const owner = await bare.person('Olga');
  await bare.workspace(owner, 'owned');
  const pull = (viewer: Viewer) => studio.change(viewer, 'pullModel', { model: 'toy-absent' });
  expect((await pull(owner)).problem).toMatchObject({
    code: 'FORBIDDEN',
    message: expect.stringContaining('npm run tessera -- models pull'),
  });
  expect((await pull(nobody)).problem.code).toBe('UNAUTHENTICATED');
  expect(pulls.asked).toEqual([]);
  for (const viewer of [owner, nobody]) {
    const answer = await studio.data(viewer, '{ studio { modelDownloads } modelTasks { model } }');
    expect(answer).toEqual({ studio: { modelDownloads: false }, modelTasks: [] });
  }
});

it('names the command where workers have models of their own', async () => {
  const { problem } = await bare.change(local, 'pullModel', { model: 'toy-absent' });
  expect(problem).toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('npm run tessera -- models pull'),
  });
  const answer = await bare.data(local, '{ studio { modelDownloads } modelTasks { model } }');
  expect(answer).toEqual({ studio: { modelDownloads: false }, modelTasks: [] });
});

it('asks for the list of models anew once a download has ended', async () => {
  const { compute } = studio.services;
  const asked = () => bare.compute.calls.models ?? 0;
  await modelsOf(compute);
  const before = asked();
  await studio.change(local, 'pullModel', { model: 'toy-absent' });
  await modelsOf(compute);
  expect(asked()).toBe(before);
  pulls.end();
  await pulls.settled();
  await modelsOf(compute);
  expect(asked()).toBe(before + 1);
});

it('does not keep an answer to a question from before the change', async () => {
  const answers: ((models: ModelSummary[]) => void)[] = [];
  const models = () => new Promise<ModelSummary[]>((resolve) => answers.push(resolve));
  const compute = { models } as Partial<Compute> as Compute;
  const early = modelsOf(compute);
  modelsChanged(compute);
  const late = modelsOf(compute);
  expect(answers.length).toBe(2);
  answers[0]!([]);
  await early;
  answers[1]!([]);
  await late;
  await modelsOf(compute);
  expect(answers.length).toBe(2);
  modelsChanged(compute);
  const last = modelsOf(compute);
  modelsChanged(compute);
  answers[2]!([]);
  await last;
  void modelsOf(compute);
  expect(answers.length).toBe(4);
});
