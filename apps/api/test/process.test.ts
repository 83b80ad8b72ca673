// The server as a process: refusals in one line, a run from start to download, kill -9 in mid-run, a clean stop, backups.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from './support/client.ts';
import { runToEnd, type ServerProcess, startProcess } from './support/process.ts';
import { graphql } from './support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-process-'));
const data = join(folder, 'data');
const LONG = 280_000;
let server: ServerProcess;

beforeAll(async () => {
  server = await startProcess({ TESSERA_DATA: data });
}, LONG);
afterAll(async () => {
  await server?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const STEPS = `subscription S($id: ID!, $after: Int) {
  runSteps(runId: $id, after: $after, frame: { size: 64 }) {
    __typename seq
    ... on StepEvent { step { tokens loss } }
    ... on FrameEvent { size dataUrl }
    ... on StatusEvent { status error { message } }
  }
}`;

interface RunEvent {
  readonly __typename: 'StepEvent' | 'FrameEvent' | 'StatusEvent' | 'GapEvent';
  readonly seq: number;
  readonly status?: string;
  readonly dataUrl?: string;
  readonly step?: { readonly tokens: readonly number[] };
}

const eventsOf = (client: Client): RunEvent[] =>
  client.messages.flatMap(({ type, payload }) =>
    type === 'next' ? [(payload as { data: { runSteps: RunEvent } }).data.runSteps] : [],
  );

async function startRun(iterations: number): Promise<string> {
  const { body } = await graphql(server.origin, {
    query: '{ viewer { workspaces { sessions(first: 1) { nodes { id } } } } }',
  });
  const sessionId = body.data.viewer.workspaces[0].sessions.nodes[0].id;
  const edit = 'mutation E($i: EditSessionInput!) { editSession(input: $i) { problem { message } } }';
  const edited = await graphql(server.origin, {
    query: edit,
    variables: { i: { sessionId, settings: { iterations } } },
  });
  expect(edited.body.data.editSession.problem).toBeNull();
  const query = 'mutation S($i: StartRunInput!) { startRun(input: $i) { run { id } problem { code message } } }';
  const started = await graphql(server.origin, { query, variables: { i: { sessionId } } });
  expect(started.body.data.startRun.problem).toBeNull();
  return started.body.data.startRun.run.id;
}

it(
  'a run from startRun to its last step, a picture of a step and a download',
  async () => {
    const id = await startRun(6);
    const client = await Client.connect(server.port);
    await client.run(STEPS, { id, after: 0 });
    const events = eventsOf(client);
    client.close();
    expect(events.filter((e) => e.__typename === 'StepEvent').map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.find((e) => e.__typename === 'FrameEvent')?.dataUrl).toMatch(/^data:image\/webp;base64,/);
    expect(events.at(-1)).toMatchObject({ __typename: 'StatusEvent', status: 'COMPLETED' });
    const query =
      'query R($id: ID!) { run(id: $id) { picture(step: 3, size: 64) { url } export(format: JSON) { url filename } } }';
    const { run } = (await graphql(server.origin, { query, variables: { id } })).body.data;
    const picture = await fetch(server.origin + run.picture.url);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const download = await fetch(server.origin + run.export.url);
    expect(download.status).toBe(200);
    expect(download.headers.get('content-disposition')).toContain('attachment');
  },
  LONG,
);

it(
  'a second process is refused the data directory, and a taken port is told, each in one line',
  async () => {
    const second = await runToEnd('src/main.ts', [], { TESSERA_DATA: data, TESSERA_PORT: '0', TESSERA_PAGE: 'off' });
    expect(second.code).toBe(1);
    expect(second.output).toMatch(/^tessera: Another process uses the data directory .*\n$/);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const taken = await runToEnd('src/main.ts', [], {
      TESSERA_DATA: join(folder, 'other'),
      TESSERA_PORT: String(port),
      TESSERA_PAGE: 'off',
    });
    expect(taken.code).toBe(1);
    expect(taken.output).toBe(
      `tessera: Port ${port} of 127.0.0.1 is in use; stop the other program, or set TESSERA_PORT to another port.\n`,
    );
    other.close();
  },
  LONG,
);

it(
  'kill -9 in mid-run and a restart: the client resumes with `after` and ends with every step once',
  async () => {
    const id = await startRun(30);
    const before = await Client.connect(server.port);
    before.subscribe('1', STEPS, { id, after: 0 });
    await before.until(
      ({ payload }) => (payload as { data?: { runSteps: RunEvent } } | undefined)?.data?.runSteps.seq === 5,
    );
    await server.end('SIGKILL');
    await before.closed;
    const seen = eventsOf(before).filter((e) => e.__typename === 'StepEvent');
    server = await startProcess({ TESSERA_DATA: data });
    const after = await Client.connect(server.port);
    await after.run(STEPS, { id, after: seen.at(-1)!.seq });
    const rest = eventsOf(after);
    expect(rest.filter((e) => e.__typename === 'GapEvent')).toEqual([]);
    const steps = [...seen, ...rest.filter((e) => e.__typename === 'StepEvent')];
    expect(steps.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(rest.at(-1)?.status).toBe('COMPLETED');
    // What was sent before the kill is what is stored.
    const whole = await Client.connect(server.port);
    await whole.run(STEPS, { id, after: 0 });
    expect(eventsOf(whole).filter((e) => e.__typename === 'StepEvent')).toEqual(steps);
    for (const client of [after, whole]) client.close();
  },
  LONG,
);

it(
  'SIGTERM finishes the step, hands the run back, closes sockets with 1001; backup and restore keep everything',
  async () => {
    const id = await startRun(400);
    const client = await Client.connect(server.port);
    client.subscribe('1', STEPS, { id, after: 0 });
    await client.until(
      ({ payload }) => (payload as { data?: { runSteps: RunEvent } } | undefined)?.data?.runSteps.seq === 2,
    );
    const ended = server.end('SIGTERM');
    expect((await client.closed).code).toBe(1001);
    expect(await ended).toBe(0);
    const file = join(folder, 'backup.tar.gz');
    const backup = await runToEnd('src/commands/backup.ts', [file], { TESSERA_DATA: data });
    expect([backup.code, backup.output]).toEqual([0, expect.stringContaining('Backed up')]);
    const occupied = await runToEnd('src/commands/restore.ts', [file], { TESSERA_DATA: data });
    expect([occupied.code, occupied.output]).toEqual([1, expect.stringContaining('already holds a database')]);
    const restored = join(folder, 'restored');
    expect((await runToEnd('src/commands/restore.ts', [file], { TESSERA_DATA: restored })).code).toBe(0);
    const report = await runToEnd('src/commands/retention.ts', [], { TESSERA_DATA: restored });
    expect(JSON.parse(report.output)).toMatchObject({ runsThinned: 0, documentsCompacted: 1 });
    server = await startProcess({ TESSERA_DATA: restored, TESSERA_WORKER: 'off' });
    const query = 'query R($id: ID!) { run(id: $id) { status stepCount session { document { settings } } } }';
    const { run } = (await graphql(server.origin, { query, variables: { id } })).body.data;
    // Handed back, not lost: it waits for a worker, with the steps it has.
    expect(run.status).toBe('QUEUED');
    expect(run.stepCount).toBeGreaterThanOrEqual(2);
    expect(run.session.document.settings.iterations).toBe(400);
    const live = await runToEnd('src/commands/backup.ts', [file], { TESSERA_DATA: restored });
    expect([live.code, live.output]).toEqual([0, expect.stringContaining('Backed up')]);
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
  },
  LONG,
);
