// The benchmark's figures as one JSON line and as a table with the goals beside them.
import type { EditRun } from './edits.ts';
import { editShares, sharesByTask } from './metrics.ts';
import type { Recognition, SceneFigures, TopOne } from './scenes.ts';
import type { Trial } from './sweep.ts';

export interface EditFigures {
  readonly runs: readonly EditRun[];
  /** Steps each edit was given. */
  readonly steps: number;
}

export interface Figures {
  readonly scenes: SceneFigures | undefined;
  readonly edits: EditFigures | undefined;
  /** Fewer pairs and steps than the full benchmark. */
  readonly quick: boolean;
  readonly seed: number;
}

/** Shares as fractions; what was not measured is absent. */
export function toJson({ scenes, edits, quick, seed }: Figures): Record<string, unknown> {
  const clip = scenes?.clip;
  const shares = edits && editShares(edits.runs);
  return {
    ...(scenes?.reconstruction && {
      psnr: scenes.reconstruction.psnr,
      gridExcess: scenes.reconstruction.gridExcess,
      codebookUse: scenes.reconstruction.codebookUse,
    }),
    ...(clip && named(clip.originals)),
    ...(shares && { editSuccess: shares.success, kept: shares.kept }),
    ...(scenes && { scenes: scenes.scenes, lightingScenes: scenes.lightScenes }),
    ...(scenes?.reconstruction && { codebookImages: scenes.reconstruction.codebookImages }),
    ...(edits && { editPairs: edits.runs.length, editSteps: edits.steps }),
    quick,
    seed,
    ...(clip && { reconstructed: named(clip.reconstructions) }),
    ...(scenes?.siglip && { siglip: both(scenes.siglip) }),
    ...(scenes?.judge && { judge: both(scenes.judge) }),
    ...(edits && { tasks: Object.fromEntries(sharesByTask(edits.runs)) }),
  };
}

const named = ({ subject, background, light }: TopOne) => ({
  subjectTop1: subject,
  backgroundTop1: background,
  lightingTop1: light,
});

const both = ({ originals, reconstructions }: Recognition) => ({
  ...named(originals),
  reconstructed: named(reconstructions),
});

/** One line; numbers to five digits. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, (_, x: unknown) => (typeof x === 'number' ? Number(x.toPrecision(5)) : x));
}

type Row = readonly [name: string, value: string, goal: string, note: string];

export function table(figures: Figures): string {
  const { scenes, edits } = figures;
  const rows: Row[] = [['figure', 'value', 'at least', 'rests on']];
  if (scenes?.reconstruction) {
    const { psnr, gridExcess, codebookUse, codebookImages } = scenes.reconstruction;
    rows.push(['psnr', `${psnr.toFixed(2)} dB`, '24 dB', `${scenes.scenes} held-out scenes`]);
    rows.push(['patch borders', gridExcess.toFixed(2), '', `${scenes.scenes} held-out scenes; 1 is no grid`]);
    rows.push(['codebook use', percent(codebookUse), '80 % over 1000', `${codebookImages} held-out scenes`]);
  }
  if (scenes) {
    const { clip, siglip, judge } = scenes;
    for (const [name, found, goals] of [
      ['clip', clip, { subject: '90 %', background: '98 %', light: '98 %' }],
      ['siglip', siglip, undefined],
      ['judge', judge, undefined],
    ] as const) {
      for (const of of ['originals', 'reconstructions'] as const) {
        if (found)
          rows.push(...recognition(`${name}, ${of}`, found[of], of === 'originals' ? goals : undefined, scenes));
      }
    }
  }
  if (edits) rows.push(...editRows(edits));
  return aligned(rows);
}

function recognition(
  title: string,
  { subject, background, light }: TopOne,
  goals: TopGoals | undefined,
  { scenes, lightScenes }: SceneFigures,
): Row[] {
  return [
    [`${title}: subject`, percent(subject), goals?.subject ?? '', `${scenes} scenes`],
    [`${title}: background`, percent(background), goals?.background ?? '', `${scenes} scenes`],
    [`${title}: lighting`, percent(light), goals?.light ?? '', `${lightScenes} scenes with a landscape`],
  ];
}

interface TopGoals {
  readonly subject: string;
  readonly background: string;
  readonly light: string;
}

function editRows({ runs, steps }: EditFigures): Row[] {
  const all = editShares(runs);
  const note = (pairs: number) => `${pairs} pairs, at most ${steps} steps`;
  const rows = [...sharesByTask(runs)].flatMap(([task, { success, kept, pairs }]): Row[] => [
    [`edit, ${task}: success`, percent(success), '', note(pairs)],
    ...(kept === undefined ? [] : [[`edit, ${task}: kept`, percent(kept), '', note(pairs)] as const]),
  ]);
  return [
    ['edit success', percent(all.success), '70 %', note(all.pairs)],
    ...(all.kept === undefined ? [] : [['edit kept', percent(all.kept), '70 %', note(all.pairs)] as const]),
    ...rows,
  ];
}

/** Sweep results, the last round first. */
export function trialTable(trials: readonly Trial[]): string {
  return aligned([
    ['settings', 'success', 'kept', 'pairs'],
    ...trials.map(
      ({ settings, success, kept, pairs }): Row => [describe(settings), percent(success), percent(kept), `${pairs}`],
    ),
  ]);
}

function describe({ regularisation, plateau, crops, scratch, ...rest }: Trial['settings']): string {
  const plain = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  const stop = plateau ? `plateau ${plateau.window}/${plateau.minImprovement}` : 'no plateau';
  return [...plain, `reg ${regularisation.weight} to ${regularisation.towards}`, `${crops.count} crops`, stop].join(
    ', ',
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function aligned(rows: readonly Row[]): string {
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0]!, widths.map((n) => '-'.repeat(n)).join('  '), ...lines.slice(1)].join('\n');
}
