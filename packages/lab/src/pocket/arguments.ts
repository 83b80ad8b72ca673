// The command line of `npm run pocket:eval`.
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { POCKET_MODELS } from '@tessera/pocket';
import { EvalUsageError } from './errors.ts';
import { MEASUREMENTS, type Measurement } from './parts.ts';

export interface EvalArguments {
  /** Folder with tokenizer, clip, siglip, judge and benchmark. */
  readonly models: string;
  readonly only: readonly Measurement[];
  readonly json: boolean;
  readonly quick: boolean;
  /** Folder for contact sheets. */
  readonly sheets: string | undefined;
  readonly seed: number;
  readonly threads: number;
  /** Pairs and steps of the edits, where they were given. */
  readonly pairs: number | undefined;
  readonly steps: number | undefined;
  /** Candidates of a sweep; undefined: no sweep. */
  readonly sweep: number | undefined;
}

/** @throws EvalUsageError */
export function readArguments(argv: readonly string[]): EvalArguments {
  const values = parse(argv);
  const only = values.only?.flatMap((list) => list.split(',').map((name) => name.trim())) ?? MEASUREMENTS;
  const unknown = only.find((name) => !isMeasurement(name));
  if (unknown !== undefined) {
    throw new EvalUsageError(`--only names "${unknown}"; there is ${MEASUREMENTS.join(', ')}.`);
  }
  const number = (name: 'pairs' | 'steps' | 'sweep', min: number) =>
    values[name] === undefined ? undefined : wholeNumber(name, values[name], min);
  return {
    models: resolve(values.models ?? dirname(POCKET_MODELS['pocket-32'])),
    only: only.filter(isMeasurement),
    json: values.json,
    quick: values.quick,
    sheets: values.sheets,
    seed: wholeNumber('seed', values.seed, 0),
    threads: wholeNumber('threads', values.threads, 1),
    pairs: number('pairs', 1),
    steps: number('steps', 1),
    sweep: number('sweep', 1),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: argv.filter((arg) => arg !== '--'),
      options: {
        models: { type: 'string' },
        only: { type: 'string', multiple: true },
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        sheets: { type: 'string' },
        seed: { type: 'string', default: '1' },
        threads: { type: 'string', default: '2' },
        pairs: { type: 'string' },
        steps: { type: 'string' },
        sweep: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new EvalUsageError(error instanceof Error ? error.message : String(error));
  }
}

const isMeasurement = (name: string): name is Measurement => MEASUREMENTS.some((known) => known === name);

function wholeNumber(option: string, text: string, min: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < min || n > 1_000_000) {
    throw new EvalUsageError(`--${option} is "${text}"; it must be a whole number from ${min} to 1000000.`);
  }
  return n;
}
