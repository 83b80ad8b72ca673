// npm run abuse -w apps/api -- [--full] [--seed N]: attacks on a real server, counted and held against what is asked.
import { parseArgs } from 'node:util';
import { ABUSE_ENVIRONMENT } from './abuse/environment.ts';
import { hostileSockets } from './abuse/hostile-sockets.ts';
import { settles } from './abuse/measure.ts';
import { queryBombs } from './abuse/query-bombs.ts';
import { randomFrames } from './abuse/random-frames.ts';
import { stalledReaders } from './abuse/stalled-readers.ts';
import { startTestServer } from './support/server.ts';

interface Attack<R extends object> {
  readonly name: string;
  readonly asked: string;
  /** Attempts, or seconds. */
  readonly size: number;
  /** An attack that takes longer is given up, and with it the command. */
  readonly minutes: number;
  readonly run: (onProgress: (done: number) => void) => Promise<R>;
  readonly holds: (report: R) => boolean;
}

/** How often an attack says how far it is. */
const PROGRESS_MS = 10_000;

const { values } = parseArgs({ options: { full: { type: 'boolean' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? 20261123);
const size = (small: number, full: number) => (values.full ? full : small);

const begun = performance.now();
const say = (text: string) => console.log(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${text}`);

/** One line of the table, printed as it goes on; false where it does not hold. @throws Error where it does not end */
async function line<R extends object>({ name, asked, size: whole, minutes, run, holds }: Attack<R>): Promise<boolean> {
  say(`${name}: ${whole}; asked: ${asked}`);
  const start = performance.now();
  let said = start;
  const attack = run((done) => {
    if (performance.now() - said < PROGRESS_MS) return;
    said = performance.now();
    say(`${name}: ${done} of ${whole}`);
  });
  if (!(await settles(attack, minutes * 60_000))) throw new Error(`${name}: not over within ${minutes} minutes`);
  const report = await attack;
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  const good = holds(report);
  say(`${name}: ${good ? 'holds' : 'DOES NOT HOLD'} (${seconds} s) ${JSON.stringify(report, rounded)}`);
  return good;
}

const rounded = (_key: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e3) / 1e3 : value);

async function main(): Promise<boolean> {
  console.log(`seed ${seed}`);
  await using world = await startTestServer(ABUSE_ENVIRONMENT);
  const sequences = size(1_000, 100_000);
  const seconds = size(10, 300);
  const documents = size(1_000, 10_000);
  const held = [
    await line({
      name: 'random frame sequences',
      asked: 'no crash, nothing left behind',
      size: sequences,
      minutes: 15,
      run: (onProgress) => randomFrames(world, sequences, seed, { onProgress }),
      holds: ({ leaked, stuck }) => leaked === 0 && stuck.length === 0,
    }),
    await line({
      name: 'sockets without a token',
      asked: 'growth under 50 MB, nothing left behind',
      size: 1_000,
      minutes: 5,
      run: () => hostileSockets(world, 1_000),
      holds: ({ leaked, grownMb }) => leaked === 0 && grownMb < 50,
    }),
    await line({
      name: 'query bombs',
      asked: 'all refused, p99 under 5 ms',
      size: documents,
      minutes: 10,
      run: (onProgress) => queryBombs(world, documents, seed, { onProgress }),
      holds: ({ attempts, refused, socketP99, httpP99 }) => refused === attempts && socketP99 < 5 && httpP99 < 5,
    }),
    await line({
      name: 'seconds of stalled readers',
      asked: 'memory flat within 5 %, others served, nothing left behind',
      size: seconds,
      minutes: 15,
      run: (onProgress) => stalledReaders(world, size(50, 200), seconds, { onProgress }),
      holds: ({ leaked, grownShare, seenByOthers }) => leaked === 0 && grownShare < 0.05 && seenByOthers > 5 * seconds,
    }),
  ];
  return held.every(Boolean);
}

const good = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return false;
});
// An attack that did not end keeps timers and sockets.
process.exit(good ? 0 : 1);
