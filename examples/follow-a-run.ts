// Starts a run, follows its steps as they are computed and draws its token history in the terminal:
//   node --import tsx examples/follow-a-run.ts http://localhost:3000 "a panda on a beach" 100
// With accounts, put a token into TESSERA_TOKEN.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [origin = 'http://localhost:3000', prompt = 'a panda on a beach', iterations = '100'] = process.argv.slice(2);
const token = process.env.TESSERA_TOKEN;

/** One request over HTTP. @throws Error with the server's words */
async function request<T>(query: string, variables: object = {}): Promise<T> {
  const answer = await fetch(new URL('/graphql', origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as { data?: T; errors?: { message: string }[] };
  if (errors?.[0] || !data) throw new Error(errors?.[0]?.message ?? `HTTP ${answer.status}`);
  return data;
}

const { viewer } = await request<{ viewer: { workspaces: { id: string; name: string }[] } }>(
  '{ viewer { workspaces { id name } } }',
);
const workspace = viewer.workspaces[0];
if (!workspace) throw new Error('You are in no workspace: create one in the studio first.');

const { startRun } = await request<{ startRun: { run: { id: string } | null; problem: { message: string } | null } }>(
  `mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } problem { code message field } } }`,
  {
    input: {
      workspaceId: workspace.id,
      plan: {
        preset: 'PLAIN',
        iterations: Number(iterations),
        start: { kind: 'NOISE', sigma: 1 },
        objectives: [{ kind: 'CLIP', prompt }],
        seed: 1,
      },
    },
  },
);
if (!startRun.run) throw new Error(startRun.problem?.message);
const runId = startRun.run.id;

interface RunEvent {
  readonly __typename: 'StepEvent' | 'FrameEvent' | 'StatusEvent' | 'GapEvent';
  readonly seq: number;
  readonly step?: { readonly loss: number | null; readonly changed: readonly number[] };
  readonly status?: string;
}

// `after` is what makes the stream safe to lose: a new subscription continues where the last one ended.
let after = 0;
const client = createClient({
  url: new URL('/graphql', origin.replace(/^http/, 'ws')).href,
  webSocketImpl: WebSocket,
  connectionParams: token ? { token } : {},
});
const steps = client.iterate<{ runSteps: RunEvent }>({
  query: `subscription ($runId: ID!, $after: Int) {
    runSteps(runId: $runId, after: $after) {
      __typename
      runId
      seq
      ... on StepEvent { step { loss changed } }
      ... on StatusEvent { status }
    }
  }`,
  variables: { runId, after },
});
try {
  for await (const { data, errors } of steps) {
    if (errors?.[0]) throw new Error(errors[0].message);
    const event = data?.runSteps;
    if (!event) continue;
    after = event.seq;
    if (event.step) {
      const row = Array.from({ length: 32 }, (_, position) => (event.step?.changed.includes(position) ? '#' : '.'));
      console.log(`${String(event.seq).padStart(5)}  ${event.step.loss?.toFixed(4) ?? 'skipped'}  ${row.join('')}`);
    }
    if (event.status) console.log(`       ${event.status.toLowerCase()}`);
  }
} catch (error) {
  // A refused operation arrives as a list of GraphQL errors.
  throw Array.isArray(error) ? new Error(error[0].message) : error;
}
await client.dispose();

const { run } = await request<{
  run: { stepCount: number; positionStatistics: { position: number; changes: number; entropy: number }[] };
}>('query ($id: ID!) { run(id: $id) { stepCount positionStatistics { position changes entropy } } }', { id: runId });
console.log(`\n${run.stepCount} steps. Changes of each of the 32 tokens:`);
for (const { position, changes, entropy } of run.positionStatistics) {
  console.log(
    `${String(position).padStart(4)}  ${'='.repeat(Math.min(60, changes))} ${changes} (${entropy.toFixed(2)} bits)`,
  );
}
