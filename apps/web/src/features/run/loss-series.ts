// The lines of the loss plot: the whole loss and its terms; the regularisation and the independent score on scales of their own.
import type { TrackStep } from './run-track.ts';

export interface PlotSeries {
  readonly name: string;
  /** Name of a theme colour. */
  readonly colour: string;
  readonly scale: 'y' | 'score' | 'regularisation';
  readonly dash?: readonly number[];
  readonly values: readonly (number | null)[];
}

type Row = Pick<TrackStep, 'step' | 'loss' | 'score' | 'regularisation' | 'terms'>;

const TERM_COLOURS = ['--good', '--danger', '--ink-soft', '--accent-strong'];

export function lossSeries(rows: readonly Row[]): {
  readonly steps: readonly number[];
  readonly series: readonly PlotSeries[];
} {
  const terms = rows.find((row) => row.terms.length > 0)?.terms ?? [];
  const series: PlotSeries[] = [{ name: 'Loss', colour: '--accent', scale: 'y', values: rows.map(({ loss }) => loss) }];
  if (terms.length > 1) {
    terms.forEach(({ kind }, i) => {
      series.push({
        name: `${kind} ${i + 1}`,
        colour: TERM_COLOURS[i % TERM_COLOURS.length]!,
        scale: 'y',
        dash: [4, 3],
        values: rows.map((row) => row.terms[i]?.loss ?? null),
      });
    });
  }
  if (rows.some(({ regularisation }) => regularisation !== 0)) {
    series.push({
      name: 'Regularisation',
      colour: '--ink-faint',
      scale: 'regularisation',
      dash: [2, 3],
      values: rows.map(({ regularisation }) => regularisation),
    });
  }
  if (rows.some(({ score }) => score !== null)) {
    series.push({ name: 'Score', colour: '--warn', scale: 'score', values: rows.map(({ score }) => score) });
  }
  return { steps: rows.map(({ step }) => step), series };
}
