// A process for embedded.test.ts: appends one step after the other to one run, and prints each once it is acknowledged.
import {
  appendSteps,
  claimNext,
  createRun,
  createUser,
  createWorkspace,
  type Database,
  openDatabase,
} from '../src/index.ts';
import { stepsOf } from './steps-of.ts';

async function firstRun(database: Database): Promise<void> {
  if ((await database.client.run.count()) > 0) return;
  const { id: ownerId } = await createUser(database, { name: 'Ada', email: 'ada@example.org' });
  const { id: workspaceId } = await createWorkspace(database, { name: 'Lab', slug: 'lab', ownerId });
  await createRun(database, {
    workspaceId,
    userId: ownerId,
    config: {},
    prompts: ['fox'],
    tokenizer: 't',
    tokens: { kind: 'indices', positions: 32 },
    iterations: 300,
  });
}

try {
  const database = await openDatabase({ dataDirectory: process.argv[2]! });
  await firstRun(database);
  await database.client.$executeRaw`UPDATE runs SET status = 'queued' WHERE status <> 'queued'`;
  await database.client.$executeRaw`
    INSERT INTO queue_entries SELECT id, workspace_id, user_id, 0, '{}', now() FROM runs ON CONFLICT DO NOTHING`;
  const claim = (await claimNext(database, { worker: 'w', capabilities: [] }))!;
  for (let step = claim.run.nextStep; step < 20_000; step++) {
    const steps = stepsOf({ first: step, count: 1 });
    await appendSteps(database, { runId: claim.run.id, fence: claim.lease.fence, steps });
    process.stdout.write(`${step}\n`);
  }
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.name : String(error)}\n`);
}
