// A workspace in which people do things to runs: its owner, somebody who may run, somebody who may look, and a seed.
import { createSeed, putBlob, type Workspace } from '@tessera/db';
import type { RunConfig } from '@tessera/protocol';
import { beforeEach } from 'vitest';
import { globalId } from '../../../src/input-checks.ts';
import { plainPicture } from '../../support/pictures.ts';
import { type Studio, useStudio } from '../../support/studio.ts';
import { PLAN, startRun } from './start.ts';
import { TestWorker } from './worker.ts';

export type Person = Awaited<ReturnType<Studio['person']>>;

export interface Lab {
  readonly studio: Studio;
  readonly workspace: Workspace;
  /** `{ workspaceId }`, as inputs want it. */
  readonly place: { readonly workspaceId: string };
  /** The owner. */
  readonly ada: Person;
  readonly runner: Person;
  readonly watcher: Person;
  /** Global id of a red seed of 64 px. */
  readonly seedId: string;
  /** `startRun` with a plan of 20 steps. */
  start(input: object, viewer?: Person): ReturnType<Studio['change']>;
  /** A run of Ada that a worker has taken `steps` steps of. */
  stepped(steps: number, more?: object): Promise<{ runId: string; worker: TestWorker }>;
  /** Rows of runs. */
  count(): Promise<number>;
  /** The row of a run by its global id. */
  configOf(id: string): ReturnType<typeof configOf>;
}

/** Opens it before the tests of a file. Before each, every run is out of the way: the next one claimed is the test's own. */
export function useLab(use: (lab: Lab) => void): void {
  let lab: Lab;
  useStudio(
    async (studio) => {
      lab = await openLab(studio);
      use(lab);
    },
    { sweepRuns: 8, queuedRunsPerUser: 12 },
  );
  beforeEach(async () => {
    await lab.studio.change(lab.ada, 'cancelMyRuns', lab.place);
    await lab.studio.change(lab.ada, 'cancelMyRuns', { ...lab.place, others: true });
  });
}

async function openLab(studio: Studio): Promise<Lab> {
  const ada = await studio.person('Ada');
  const workspace = await studio.workspace(ada, 'runs-lab');
  const runner = await studio.member(workspace, 'Rita', 'runner');
  const watcher = await studio.member(workspace, 'Wim', 'viewer');
  const blob = await putBlob(studio.database, workspace.id, await plainPicture([255, 0, 0], 64), 'image/png');
  const red = { workspaceId: workspace.id, userId: ada.userId, name: 'Red', blobId: blob.id, width: 64, height: 64 };
  const seedId = globalId('Seed', (await createSeed(studio.database, red)).id);
  const place = { workspaceId: globalId('Workspace', workspace.id) };
  return {
    ...{ studio, workspace, place, ada, runner, watcher, seedId },
    start: (input, viewer = ada) =>
      studio.change(
        viewer,
        'startRun',
        { ...place, plan: PLAN, ...input },
        'run { id status iterations prompts plan }',
      ),
    async stepped(steps, more = {}) {
      const runId = await startRun(studio, ada, workspace.id, more);
      const worker = await TestWorker.take(studio);
      if (steps > 0) await worker.steps(steps);
      return { runId, worker };
    },
    count: () => studio.database.client.run.count(),
    configOf: (id) => configOf(studio, id),
  };
}

async function configOf({ database }: Studio, id: string) {
  const row = await database.client.run.findUniqueOrThrow({
    where: { id: Buffer.from(id, 'base64').toString().split(':')[1]! },
  });
  return { row, config: row.config as unknown as RunConfig };
}
