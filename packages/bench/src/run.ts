// The benchmark's command: which rows, measured in their groups, printed as a table or as JSON lines.
import { parseArgs } from 'node:util';
import { jsonLine, type Reported, table } from './report.ts';
import type { Group } from './rows/context.ts';
import { fullGroup } from './rows/full.ts';
import { pocketGroup } from './rows/pocket.ts';

/** In this order: the pocket rows weigh this process before the large ones grow it. */
const GROUPS: readonly Group[] = [pocketGroup, fullGroup];

interface BenchArguments {
  readonly json: boolean;
  readonly only: readonly string[] | undefined;
  readonly rounds: number | undefined;
  readonly threads: number;
}

/** What was asked for wrongly, in one line. */
export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}

/** Runs the rows that `argv` names, or all but those on demand. Gives the exit code: 2 for wrong arguments. */
export async function runBench(argv: readonly string[]): Promise<number> {
  let asked: BenchArguments;
  try {
    asked = readArguments(argv);
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 2;
  }
  const { json, only, rounds, threads } = asked;
  const reported: Reported[] = [];
  for (const group of GROUPS) {
    const wants = (name: string) => (only ? only.includes(name) : group.names.includes(name));
    if (![...group.names, ...(group.onDemand ?? [])].some(wants)) continue;
    const say = (text: string) => void process.stderr.write(`${text} ...\n`);
    const rows = await group.measure({ wants, rounds, threads, say });
    if (json) for (const row of rows) process.stdout.write(`${jsonLine(row)}\n`);
    reported.push(...rows);
  }
  if (!json) process.stdout.write(`${table(reported)}\n`);
  return 0;
}

function readArguments(argv: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      threads: { type: 'string', default: '2' },
    },
  });
  const known = GROUPS.flatMap(({ names, onDemand = [] }) => [...names, ...onDemand]);
  const only = values.only?.flatMap((list) => list.split(',').map((name) => name.trim()));
  const unknown = only?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new BenchUsageError(`There is no row "${unknown}"; rows: ${known.join(', ')}.`);
  return {
    json: values.json,
    only,
    rounds: values.rounds === undefined ? undefined : wholeNumber('rounds', values.rounds),
    threads: wholeNumber('threads', values.threads),
  };
}

function wholeNumber(option: string, text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 1000) {
    throw new BenchUsageError(`--${option} is "${text}"; it must be a whole number from 1 to 1000.`);
  }
  return n;
}
