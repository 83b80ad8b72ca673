// The command behind `npm run pocket:eval`: measures the embedded models on the held-out benchmark. Gives the exit code.
import { type EvalArguments, readArguments } from './arguments.ts';
import { chooseEdits, type EditBench, runEdits } from './edits.ts';
import { MissingPartsError, PocketEvalError } from './errors.ts';
import { type Bench, type Editors, openBench, openEditors } from './models.ts';
import { requireParts, type Work } from './parts.ts';
import { type EditFigures, jsonLine, table, toJson, trialTable } from './report.ts';
import { measureScenes } from './scenes.ts';
import { candidates, DEFAULT_SETTINGS, withSteps } from './settings.ts';
import { writeEditSheets, writeReconstructionSheet } from './sheets.ts';
import { sweep } from './sweep.ts';

/** One of each task, with the preset's steps: with the scenes, within a minute on two cores. */
const QUICK_PAIRS = 4;
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
    else await searchSettings(bench, asked, asked.sweep, output);
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
  const edits = only.includes('edits') ? await measureEdits(bench, asked, say) : undefined;
  const figures = { scenes, edits, quick, seed };
  print(asked.json ? jsonLine(toJson(figures)) : table(figures));
  if (sheets === undefined) return;
  const { benchmark } = bench;
  if (scenes) say(`wrote ${await writeReconstructionSheet(sheets, benchmark, scenes.reconstructions)}`);
  for (const path of edits ? await writeEditSheets(sheets, benchmark, edits.runs) : []) say(`wrote ${path}`);
}

async function measureEdits(
  bench: Bench,
  { quick, pairs, steps, seed, threads }: EvalArguments,
  say: Output['say'],
): Promise<EditFigures> {
  await using editors = await openEditors(bench, threads);
  const settings = steps === undefined ? DEFAULT_SETTINGS : withSteps(DEFAULT_SETTINGS, steps);
  const all = bench.benchmark.edits;
  const chosen = chooseEdits(bench.benchmark, pairs ?? (quick ? QUICK_PAIRS : all.length), seed);
  const runs = await runEdits(editBench(bench, editors), chosen, settings, seed, (run, done) => {
    if (!quick) say(`${done}/${chosen.length} ${run.success ? '+' : '-'} ${run.edit.task}: ${run.edit.prompt}`);
  });
  return { runs, steps: Math.max(settings.iterations, settings.scratch.iterations) };
}

async function searchSettings(
  bench: Bench,
  { json, pairs, steps, seed, threads }: EvalArguments,
  count: number,
  { print, say }: Output,
): Promise<void> {
  await using editors = await openEditors(bench, threads);
  const edit = editBench(bench, editors);
  const maxPairs = Math.min(pairs ?? SWEEP_PAIRS.most, bench.benchmark.edits.length);
  const drawn = candidates(count, seed).map((settings) => (steps ? withSteps(settings, steps) : settings));
  const trials = await sweep(
    { candidates: drawn, pairs: Math.min(SWEEP_PAIRS.first, maxPairs), maxPairs },
    (settings, n) => runEdits(edit, chooseEdits(bench.benchmark, n, seed), settings, seed),
    (trial) => say(jsonLine(trial)),
  );
  print(json ? jsonLine(trials) : trialTable(trials));
}

/** `requireParts` has seen the judge's files. */
function editBench({ judge, benchmark, folder }: Bench, { engines }: Editors): EditBench {
  if (!judge) throw new MissingPartsError(folder, ['judge']);
  return { judge, benchmark, engines };
}
