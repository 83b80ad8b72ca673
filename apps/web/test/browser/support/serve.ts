// The server that browser tests look at, in a process of its own; `copy <run id> <count>` on its input fills the history.
import { createInterface } from 'node:readline';
import { makeLog, type RunningServer, readConfig, startServer } from '@tessera/api';
import { newId } from '@tessera/db';

const CHUNK = 250;

/** Rows that differ from a real run in their id, time, words and score only; their steps are copies of its steps. */
async function copyRun({ services: { database } }: RunningServer, runId: string, count: number): Promise<void> {
  const { client } = database;
  const { config, manifest, error: _, ...run } = await client.run.findUniqueOrThrow({ where: { id: runId } });
  const batches = await client.stepBatch.findMany({ where: { runId } });
  for (let from = 0; from < count; from += CHUNK) {
    const copies = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => ({ id: newId(), number: from + i }));
    await client.run.createMany({
      data: copies.map(({ id, number }) => ({
        ...run,
        id,
        config: config as object,
        manifest: manifest as object,
        name: `copy ${number}`,
        promptText: `${run.promptText} copy ${number}`,
        score: (number % 1000) / 1000,
        createdAt: new Date(run.createdAt.getTime() - (number + 1) * 60_000),
      })),
    });
    await client.stepBatch.createMany({
      data: copies.flatMap(({ id }) => batches.map((batch) => ({ ...batch, runId: id }))),
    });
  }
}

const config = readConfig(process.env);
const server = await startServer(config, makeLog(config));
process.stdout.write(`ready ${server.address}\n`);
createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, runId, count] = line.split(' ');
  if (command !== 'copy' || !runId) return;
  copyRun(server, runId, Number(count)).then(
    () => process.stdout.write('copied\n'),
    (error: unknown) => process.stdout.write(`failed ${error}\n`),
  );
});
process.stdin.on('end', () => void server.close().then(() => process.exit(0)));
