// The command behind `npm run pocket:eval`: measures the embedded models on the held-out benchmark. Gives the exit code.
import { type EvalArguments, readArguments } from './arguments.ts';
import { chooseEdits, runEdits } from './edits.ts';
import { MissingPartsError, PocketEvalError } from './errors.ts';
import type { Judge } from './judge.ts';
import { type Bench, openBench } from './models.ts';
import { requireParts, type Work } from './parts.ts';
import { type EditFigures, jsonLine, table, toJson, trialTable } from './report.ts';
import { measureScenes } from './scenes.ts';
import { candidates, DEFAULT_SETTINGS, withSteps } from './settings.ts';
import { writeEditSheets, writeReconstructionSheet } from './sheets.ts';
import { sweep } from './sweep.ts';

/** With the scenes, 65 s of CPU time: within a minute on two cores. */
const QUICK = { pairs: 8, steps: 32 };
/** Pairs of a sweep's first round, two of each task, and of its last. */
const SWEEP_PAIRS = { first: 8, most: 48 };

/** Where lines go: figures, and everything else. */
export interface Output {
  print(line: string): void;
  say(line: string): void;
}

const terminal: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  say: (line) => void process.stderr.write(`${line}\n`),
};

/** Exit codes: 0 measured, 2 wrong arguments or missing or damaged files. */
export async function runPocketEval(argv: readonly string[], output = terminal): Promise<number> {
  try {
    const asked = readArguments(argv);
    const work: readonly Work[] = asked.sweep === undefined ? asked.only : ['sweep'];
    await requireParts(asked.models, work);
    const bench = await openBench(asked.models, asked.threads, asked.sweep === undefined ? 'scenes' : 'tuning');
    await using _ = bench.engine;
    if (asked.sweep === undefined) await measure(bench, asked, output);
    else await searchSettings(withJudge(bench), asked, asked.sweep, output);
    return 0;
  } catch (error) {
    if (!(error instanceof PocketEvalError)) throw error;
    output.say(error.message);
    return 2;
  }
}

async function measure(bench: Bench, asked: EvalArguments, { print, say }: Output): Promise<void> {
  const { only, sheets, quick, seed } = asked;
  const [reconstruction, zeroShot] = [only.includes('reconstruction'), only.includes('zero-shot')];
  const scenes =
    reconstruction || zeroShot ? await measureScenes(bench, { reconstruction, zeroShot, others: !quick }) : undefined;
  const edits = only.includes('edits') ? await measureEdits(withJudge(bench), asked, say) : undefined;
  const figures = { scenes, edits, quick, seed };
  print(asked.json ? jsonLine(toJson(figures)) : table(figures));
  if (sheets === undefined) return;
  const { benchmark } = bench;
  if (scenes) say(`wrote ${await writeReconstructionSheet(sheets, benchmark, scenes.reconstructions)}`);
  for (const path of edits ? await writeEditSheets(sheets, benchmark, edits.runs) : []) say(`wrote ${path}`);
}

async function measureEdits(
  bench: Bench & { readonly judge: Judge },
  { quick, pairs, steps, seed }: EvalArguments,
  say: Output['say'],
): Promise<EditFigures> {
  const asked = steps ?? (quick ? QUICK.steps : undefined);
  const settings = asked === undefined ? DEFAULT_SETTINGS : withSteps(DEFAULT_SETTINGS, asked);
  const all = bench.benchmark.edits;
  const chosen = chooseEdits(bench.benchmark, pairs ?? (quick ? QUICK.pairs : all.length), seed);
  const runs = await runEdits(bench, chosen, settings, seed, (run, done) => {
    if (!quick) say(`${done}/${chosen.length} ${run.success ? '+' : '-'} ${run.edit.task}: ${run.edit.prompt}`);
  });
  return { runs, steps: Math.max(settings.iterations, settings.scratch.iterations) };
}

async function searchSettings(
  bench: Bench & { readonly judge: Judge },
  { json, pairs, steps, seed }: EvalArguments,
  count: number,
  { print, say }: Output,
): Promise<void> {
  const maxPairs = Math.min(pairs ?? SWEEP_PAIRS.most, bench.benchmark.edits.length);
  const drawn = candidates(count, seed).map((settings) => (steps ? withSteps(settings, steps) : settings));
  const trials = await sweep(
    { candidates: drawn, pairs: Math.min(SWEEP_PAIRS.first, maxPairs), maxPairs },
    (settings, n) => runEdits(bench, chooseEdits(bench.benchmark, n, seed), settings, seed),
    (trial) => say(jsonLine(trial)),
  );
  print(json ? jsonLine(trials) : trialTable(trials));
}

/** `requireParts` has seen the judge's files. */
function withJudge({ judge, ...bench }: Bench): Bench & { readonly judge: Judge } {
  if (!judge) throw new MissingPartsError(bench.folder, ['judge']);
  return { ...bench, judge };
}
