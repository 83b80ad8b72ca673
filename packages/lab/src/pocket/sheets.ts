// Contact sheets as PNG files: edits beside their seeds, by task, and scenes beside their reconstructions.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contactSheet, encodeFrame, type RgbFrame } from '@tessera/media';
import { type Benchmark, TASKS } from './benchmark.ts';
import type { EditRun } from './edits.ts';

const GAP = 4;
const PAPER = 255;
const COLUMNS = 4;
/** Scenes on the sheet of reconstructions. */
const SHOWN = 64;

/** Two pictures [side, side, 3] next to each other. */
export function beside(left: Uint8Array, right: Uint8Array, side: number): RgbFrame {
  const width = 2 * side + GAP;
  const data = new Uint8Array(width * side * 3).fill(PAPER);
  for (let y = 0; y < side; y++) {
    const row = (picture: Uint8Array) => picture.subarray(y * side * 3, (y + 1) * side * 3);
    data.set(row(left), y * width * 3);
    data.set(row(right), (y * width + side + GAP) * 3);
  }
  return { width, height: side, data };
}

/** What stands under an edit: whether the judge found what was asked, and the prompt. */
export function editLabel({ success, edit }: Pick<EditRun, 'success' | 'edit'>): string {
  return `${success ? '+' : '-'} ${edit.prompt.replace(/^a (photo|picture) of /, '')}`;
}

/** One file per task: seed and result in pairs. Gives the paths. */
export async function writeEditSheets(
  folder: string,
  { pictures, tile }: Benchmark,
  runs: readonly EditRun[],
): Promise<string[]> {
  const paths: string[] = [];
  for (const task of TASKS) {
    const own = runs.filter(({ edit }) => edit.task === task);
    if (!own.length) continue;
    const frames = own.map(({ edit, picture }) => beside(pictures[edit.scene]!, picture, tile));
    paths.push(await write(folder, `edits-${task}`, frames, own.map(editLabel)));
  }
  return paths;
}

/** Scene and reconstruction in pairs. Gives the path. */
export function writeReconstructionSheet(
  folder: string,
  { pictures, scenes, tile }: Benchmark,
  again: readonly Uint8Array[],
): Promise<string> {
  const shown = again.slice(0, SHOWN);
  const frames = shown.map((picture, i) => beside(pictures[i]!, picture, tile));
  const labels = shown.map((_, i) => `${scenes[i]!.subject}, ${scenes[i]!.background}, ${scenes[i]!.light}`);
  return write(folder, 'reconstructions', frames, labels);
}

async function write(folder: string, name: string, frames: RgbFrame[], labels: string[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await writeFile(path, await encodeFrame(contactSheet(frames, { columns: COLUMNS, labels }), { format: 'png' }));
  return path;
}
