// What the pictures show: finished runs from several seeds, a fork, comments, a sweep. Every random seed is fixed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from './person.ts';

const STEPS = 80;
const SWEEP_STEPS = 60;
const LOOK_MS = 500;

/** Seed pictures of a new studio, and a prompt of the pocket models' words for each. */
const EDITS = [
  { seed: 'Penguin in a desert', prompt: 'a penguin in the snow at sunset' },
  { seed: 'Lion in a city at sunset', prompt: 'a lion on the beach on a sunny day' },
  { seed: 'Fire truck in a city at night', prompt: 'a fire truck in the desert on a sunny day' },
  { seed: 'Camel on a beach', prompt: 'a camel in the snow at night' },
  { seed: 'Panda in space', prompt: 'a panda in a green field on a sunny day' },
  { seed: 'Flamingo in snow at night', prompt: 'a flamingo on the beach at sunset' },
  { seed: 'Horse in a desert', prompt: 'a horse in the forest at night' },
  { seed: 'Red apple in a forest', prompt: 'a red apple in the snow' },
] as const;

export interface Content {
  readonly workspaceId: string;
  readonly sessionId: string;
  /** Finished, commented, and the parent of `fork`. Of the session that is shown. */
  readonly apple: string;
  readonly fork: string;
  readonly sweep: string;
}

export async function makeContent(ada: Person): Promise<Content> {
  const { viewer } = await ada.ask(
    '{ viewer { workspaces { id sessions(first: 1) { nodes { id } } seeds(first: 50) { nodes { id name } } } } }',
  );
  const [{ id: workspaceId, sessions, seeds }] = viewer.workspaces;
  const sessionId: string = sessions.nodes[0].id;
  const seedOf = new Map<string, string>(seeds.nodes.map(({ id, name }: { id: string; name: string }) => [name, id]));
  const runs: string[] = [];
  for (const { seed, prompt } of EDITS) {
    const own = seed === 'Red apple in a forest' ? { sessionId } : {};
    const { startRun } = await ada.ask(
      'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } problem { message } } }',
      { input: { workspaceId, ...own, seedId: seedOf.get(seed), plan: planOf(prompt, STEPS) } },
    );
    runs.push(startRun.run.id);
  }
  const apple = runs.at(-1)!;
  await finished(ada, runs);
  const { forkRun } = await ada.ask(
    'mutation ($input: ForkRunInput!) { forkRun(input: $input) { run { id } problem { message } } }',
    {
      input: { runId: apple, step: 30, plan: planOf('a red apple in the desert at sunset', STEPS - 20) },
    },
  );
  const { createSweep } = await ada.ask(
    'mutation ($input: CreateSweepInput!) { createSweep(input: $input) { sweep { id } problem { message } } }',
    {
      input: {
        workspaceId,
        seedId: seedOf.get('Red apple in a forest'),
        name: 'Where should the apple lie?',
        plan: planOf('a red apple in the snow', SWEEP_STEPS),
        axes: [
          {
            path: 'objectives.0.prompt',
            values: ['a red apple in the snow', 'a red apple in the desert at sunset', 'a red apple in space'],
          },
          { path: 'learningRate', values: [0.1, 0.3, 0.6] },
        ],
      },
    },
  );
  await ada.ask('mutation ($input: UpdateRunInput!) { updateRun(input: $input) { problem { message } } }', {
    input: { runId: runs[0], pinned: true },
  });
  const { sweep } = await ada.ask('query ($id: ID!) { sweep(id: $id) { runs { id } } }', { id: createSweep.sweep.id });
  const fork: string = forkRun.run.id;
  await finished(ada, [fork, ...sweep.runs.map(({ id }: { id: string }) => id)]);
  return { workspaceId, sessionId, apple, fork, sweep: createSweep.sweep.id };
}

/** Two remarks at a step of the run, one of them about a part of the picture. */
export async function comment(content: Content, ada: Person, ben: Person): Promise<void> {
  const { workspaceId, apple: runId } = content;
  const add =
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } problem { message } } }';
  const region = { x: 0.22, y: 0.1, width: 0.58, height: 0.28 };
  const { addComment } = await ada.ask(add, {
    input: { workspaceId, runId, step: 40, region, body: 'Is this the snow, or only the light?' },
  });
  await ben.ask(add, {
    input: {
      workspaceId,
      runId,
      replyTo: addComment.comment.id,
      body: 'The light, I think. I forked at 30 and asked for a desert.',
    },
  });
}

const planOf = (prompt: string, iterations: number) => ({
  preset: 'POCKET',
  iterations,
  objectives: [{ kind: 'CLIP', prompt }],
  seed: 7,
});

/** @throws Error when one of them ends otherwise */
async function finished(person: Person, ids: readonly string[]): Promise<void> {
  for (;;) {
    const { runs } = await person.ask('query ($ids: [ID!]!) { runs(ids: $ids) { status error { message } } }', { ids });
    const states: readonly { status: string; error: { message: string } | null }[] = runs;
    const failed = states.find(({ status }) => status === 'FAILED');
    if (failed) throw new Error(failed.error?.message ?? 'A run failed.');
    if (states.every(({ status }) => status === 'COMPLETED' || status === 'PLATEAU')) return;
    await sleep(LOOK_MS);
  }
}
