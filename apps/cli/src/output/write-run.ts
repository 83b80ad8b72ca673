// Writes what a run leaves: its state, the token history, the PNG with its manifest, animations, a contact sheet.
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  type Checkpoint,
  encodeCheckpoint,
  type Frame,
  type LoadedTokenizer,
  type Run,
  type RunResult,
  type RunStatus,
} from '@tessera/engine';
import { contactSheet, embedManifest, encodeAnimation, encodeFrame } from '@tessera/media';
import type { Geometry, RunRecord } from '../run/record.ts';
import { historyFormat } from '../tokens/formats.ts';
import type { History } from '../tokens/history.ts';
import { encodeTokens } from '../tokens/write-tokens.ts';
import type { OutputPaths } from './paths.ts';
import { type Reel, spread } from './reel.ts';
import type { WrittenFile } from './report.ts';
import { writeResult } from './write.ts';

export interface EndedRun {
  readonly run: Run;
  readonly status: RunStatus;
  /** Whether it was stopped or failed: then its state is kept even where no checkpoint was asked for. */
  readonly partial: boolean;
  readonly paths: OutputPaths;
  readonly geometry: Geometry;
  readonly history: History;
  readonly reel: Reel;
  readonly tokenizer: LoadedTokenizer;
  readonly given: Frame | undefined;
  /** As the plan has it: how many frames a command decoded is no part of a run's record. */
  readonly frameEvery: number;
}

export interface KeptRun {
  /** Undefined when the engine could not decode the result. */
  readonly result: RunResult | undefined;
  /** The image first. */
  readonly files: readonly WrittenFile[];
  readonly image: string | undefined;
  readonly checkpoint: string | undefined;
  /** What could not be written, in the order it was tried. */
  readonly failures: readonly { readonly error: unknown }[];
}

/** Seconds that an animation of a run lasts at most. */
const PLAY_SECONDS = 6;
/** Pictures on a contact sheet, the given image among them: two rows. */
const SHEET_FRAMES = 16;

/**
 * Writes what there is of a run: its state first, then its tokens, then pictures. Each stands by itself: a missing encoder, a full
 * disk or a dead engine costs only what needs it. Never throws.
 */
export async function keepRun(ended: EndedRun): Promise<KeptRun> {
  const { run, status, partial, paths, geometry, history, reel, tokenizer, given, frameEvery } = ended;
  const files: WrittenFile[] = [];
  const failures: { error: unknown }[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push({ error });
      return undefined;
    }
  };
  const write = (kind: string, path: string, bytes: () => Uint8Array | Promise<Uint8Array>) =>
    attempt(async () => {
      await writeResult(path, await bytes());
      files.push({ kind, path });
    });
  const written = (kind: string) => files.find((file) => file.kind === kind)?.path;
  const keepState = async (places: readonly string[]) => {
    for (const path of places) {
      if (written('checkpoint') === undefined) {
        await write('checkpoint', path, () => checkpointBytes(run.checkpoint(), frameEvery));
      }
    }
  };
  // Where one disk is full another may not be.
  const rescue = [paths.rescue, join(tmpdir(), basename(paths.rescue))];
  await keepState([...(paths.checkpoint === undefined ? [] : [paths.checkpoint]), ...(partial ? rescue : [])]);

  const result = await attempt(() => run.result(status));
  const record = result && recordOf(result, geometry, frameEvery);
  const { tokens } = paths;
  if (tokens !== undefined) {
    await write('tokens', tokens, () =>
      encodeTokens(history.table({ plan: run.plan, tokenizer, record }), historyFormat(tokens)),
    );
  }
  if (record) await write('image', paths.png, () => resultPng(result.frame, record));
  await keepPictures(paths, reel, given, result, write);
  if (written('image') === undefined) await keepState(rescue);
  files.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return { result, files, failures, image: written('image'), checkpoint: written('checkpoint') };
}

/** Files in the order they are named to the user. */
const ORDER: readonly string[] = ['image', 'animation', 'sheet', 'tokens', 'checkpoint'];

async function keepPictures(
  { animations, sheet }: OutputPaths,
  reel: Reel,
  given: Frame | undefined,
  result: RunResult | undefined,
  write: (kind: string, path: string, bytes: () => Promise<Uint8Array>) => Promise<void>,
): Promise<void> {
  const frames = reel.frames.map(({ frame }) => frame);
  const fps = Math.min(30, Math.max(5, Math.ceil(frames.length / PLAY_SECONDS)));
  for (const { format, path } of frames.length > 0 ? animations : []) {
    await write(
      'animation',
      path,
      async () => (await encodeAnimation(frames, { format, fps, holdLastMs: 1500 })).bytes,
    );
  }
  const cells = sheetCells(reel, given, result);
  if (sheet === undefined || cells.length === 0) return;
  await write('sheet', sheet, async () => {
    const labels = cells.map(({ label }) => label);
    const page = contactSheet(
      cells.map(({ frame }) => frame),
      { labels, columns: Math.min(8, cells.length) },
    );
    return encodeFrame(page, { format: 'png' });
  });
}

/** @throws OutputError */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, frameEvery: number): Promise<void> {
  await writeResult(path, checkpointBytes(checkpoint, frameEvery));
}

function checkpointBytes(checkpoint: Checkpoint, frameEvery: number): Uint8Array {
  return encodeCheckpoint({ ...checkpoint, plan: { ...checkpoint.plan, frameEvery } });
}

function recordOf({ manifest, status, steps }: RunResult, geometry: Geometry, frameEvery: number): RunRecord {
  return { ...manifest, plan: { ...manifest.plan, frameEvery }, geometry, outcome: { status, steps } };
}

/** The same run gives the same bytes. */
export async function resultPng(frame: Frame, record: RunRecord): Promise<Uint8Array> {
  return embedManifest(await encodeFrame(frame, { format: 'png' }), JSON.stringify(record));
}

function sheetCells(
  reel: Reel,
  given: Frame | undefined,
  result: RunResult | undefined,
): { readonly label: string; readonly frame: Frame }[] {
  const steps = spread(reel.frames, given ? SHEET_FRAMES - 1 : SHEET_FRAMES);
  const cells = [
    ...(given ? [{ label: 'given', frame: given }] : []),
    ...steps.map(({ step, frame }) => ({ label: step < 0 ? 'tokens' : `step ${step + 1}`, frame })),
  ];
  return cells.length === 0 && result ? [{ label: 'result', frame: result.frame }] : cells;
}
