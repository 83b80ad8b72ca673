// The held-out benchmark: scenes as tiles of one picture, their labels, and edit tasks. Written by training/tessera_train_benchmark.py.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { MediaError, type RgbFrame, readImage } from '@tessera/media';
import * as z from 'zod';
import { BenchmarkFileError } from './errors.ts';
import { readJson } from './read-json.ts';

/** What an edit can ask for, and what it can leave alone. */
export const ATTRIBUTES = ['subject', 'background', 'light'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

export const TASKS = ['subject', 'background', 'light', 'scratch'] as const;
export type Task = (typeof TASKS)[number];

const label = z.string().min(1);
const sceneSchema = z.object({ subject: label, background: label, light: label }).catchall(label);
const editSchema = z.object({
  scene: z.int().min(0),
  task: z.enum(TASKS),
  prompt: label,
  want: z
    .strictObject({ subject: label.optional(), background: label.optional(), light: label.optional() })
    .refine((want) => Object.keys(want).length > 0, 'asks for nothing'),
});
const benchmarkSchema = z
  .object({
    tile: z.int().min(8).max(1024),
    columns: z.int().min(1).max(1000),
    scenes: z.array(sceneSchema).min(1),
    edits: z.array(editSchema),
  })
  .superRefine(({ scenes, edits }, context) => {
    edits.forEach(({ scene }, i) => {
      if (scene < scenes.length) return;
      context.addIssue({ code: 'custom', path: ['edits', i, 'scene'], message: `there are ${scenes.length} scenes` });
    });
  });

/** Attribute -> class, in words; further columns (style, size, focus) are there too. */
export type Scene = z.infer<typeof sceneSchema>;
export type EditTask = z.infer<typeof editSchema>;

export interface Benchmark {
  /** Side of a scene in px. */
  readonly tile: number;
  readonly scenes: readonly Scene[];
  readonly edits: readonly EditTask[];
  /** One per scene, [tile, tile, 3]. */
  readonly pictures: readonly Uint8Array[];
  /** More held-out scenes without labels, for codebook use; absent where the export has none. */
  readonly more: readonly Uint8Array[] | undefined;
}

const MORE = 'more.webp';

/** Figures rest on `scenes`; settings are chosen on `tuning`, which holds other scenes and tasks. */
export type Split = 'scenes' | 'tuning';

/** Reads a split's `.json` and `.png` and, with the scenes, `more.webp` where present. @throws BenchmarkFileError */
export async function readBenchmark(folder: string, split: Split = 'scenes'): Promise<Benchmark> {
  const file = join(folder, `${split}.json`);
  const { tile, columns, scenes, edits } = await readJson(file, benchmarkSchema);
  const pictureFile = join(folder, `${split}.png`);
  const sheet = await readSheet(pictureFile);
  const rows = Math.ceil(scenes.length / columns);
  if (sheet.width !== columns * tile || sheet.height !== rows * tile) {
    throw new BenchmarkFileError(
      pictureFile,
      `is ${sheet.width} x ${sheet.height} px, ${scenes.length} scenes of ${tile} px in ${columns} columns are ${columns * tile} x ${rows * tile} px`,
    );
  }
  const pictures = tiles(sheet, tile).slice(0, scenes.length);
  return { tile, scenes, edits, pictures, more: split === 'scenes' ? await more(folder, tile) : undefined };
}

async function more(folder: string, tile: number): Promise<Uint8Array[] | undefined> {
  const file = join(folder, MORE);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there) return undefined;
  const sheet = await readSheet(file);
  if (sheet.width % tile || sheet.height % tile) {
    throw new BenchmarkFileError(file, `is ${sheet.width} x ${sheet.height} px, no grid of ${tile} px tiles`);
  }
  return tiles(sheet, tile);
}

async function readSheet(file: string): Promise<RgbFrame> {
  try {
    return await readImage(file);
  } catch (error) {
    if (error instanceof MediaError) throw new BenchmarkFileError(file, error.message);
    throw error;
  }
}

/** The tiles of a sheet, row by row, each [tile, tile, 3]. */
export function tiles({ width, height, data }: RgbFrame, tile: number): Uint8Array[] {
  const columns = width / tile;
  return Array.from({ length: columns * (height / tile) }, (_, k) => {
    const [top, left] = [Math.floor(k / columns) * tile, (k % columns) * tile];
    const out = new Uint8Array(tile * tile * 3);
    for (let y = 0; y < tile; y++) {
      const start = ((top + y) * width + left) * 3;
      out.set(data.subarray(start, start + tile * 3), y * tile * 3);
    }
    return out;
  });
}
