// What every contract test begins with: a workspace of its own, people, and runs to work on.
import {
  claimNext,
  createRun,
  createUser,
  createWorkspace,
  type Database,
  type NewRun,
  newId,
  type Run,
} from '../../src/index.ts';

export interface World {
  readonly database: Database;
  readonly workspaceId: string;
  /** The owner. */
  readonly userId: string;
  /** Only this world's workers offer it, so that claims of tests do not mix. */
  readonly capability: string;
  run(over?: Partial<NewRun>): Promise<Run>;
  /** Creates and claims a run. */
  held(over?: Partial<NewRun>): Promise<{ run: Run; runId: string; fence: number }>;
  user(): Promise<string>;
}

export async function makeWorld(database: Database): Promise<World> {
  const user = async () => {
    const id = newId();
    await createUser(database, { id, name: 'Ada', email: `${id}@example.org` });
    return id;
  };
  const userId = await user();
  const { id: workspaceId } = await createWorkspace(database, { name: 'Lab', slug: `lab-${newId()}`, ownerId: userId });
  const capability = `world:${workspaceId}`;
  const run = (over: Partial<NewRun> = {}) =>
    createRun(database, {
      workspaceId,
      userId,
      config: { learningRate: 0.1 },
      prompts: ['a red fox in the snow'],
      tokenizer: 'titok-l32',
      tokens: { kind: 'indices', positions: 32 },
      iterations: 300,
      needs: [capability],
      ...over,
    });
  return {
    database,
    workspaceId,
    userId,
    capability,
    run,
    user,
    async held(over) {
      const { id } = await run(over);
      const claim = await claimNext(database, {
        worker: 'w',
        capabilities: [capability],
        runningRunsPerUser: 1_000,
        runningRunsPerWorkspace: 1_000,
      });
      if (claim?.run.id !== id) throw new Error('the claim gave another run: something was left in the queue');
      return { run: claim.run, runId: id, fence: claim.lease.fence };
    },
  };
}
