// Writes what a run leaves: the PNG with its manifest, animations, a contact sheet, the token history.
import type { Frame, RunResult } from '@tessera/engine';
import { contactSheet, embedManifest, encodeAnimation, encodeFrame } from '@tessera/media';
import type { RunRecord } from '../run/record.ts';
import { historyFormat } from '../tokens/formats.ts';
import type { History, TokenShape } from '../tokens/history.ts';
import { encodeTokens } from '../tokens/write-tokens.ts';
import type { OutputPaths } from './paths.ts';
import { type Reel, spread } from './reel.ts';
import type { WrittenFile } from './report.ts';
import { writeResult } from './write.ts';

export interface FinishedRun {
  readonly paths: OutputPaths;
  readonly record: RunRecord;
  readonly result: RunResult;
  readonly history: History;
  readonly reel: Reel;
  readonly shape: TokenShape;
  readonly given: Frame | undefined;
}

/** Seconds that an animation of a run lasts at most. */
const PLAY_SECONDS = 6;
/** Pictures on a contact sheet, the given image among them: two rows. */
const SHEET_FRAMES = 16;

/** @throws OutputError, errors of the encoders */
export async function writeRun(run: FinishedRun): Promise<WrittenFile[]> {
  const { paths, record, result, history, reel, shape, given } = run;
  const files: WrittenFile[] = [];
  const write = async (kind: string, path: string, bytes: Uint8Array) => {
    await writeResult(path, bytes);
    files.push({ kind, path });
  };
  await write('image', paths.png, await resultPng(result.frame, record));
  const frames = reel.frames.map(({ frame }) => frame);
  for (const { format, path } of frames.length > 0 ? paths.animations : []) {
    const fps = Math.min(30, Math.max(5, Math.ceil(frames.length / PLAY_SECONDS)));
    const { bytes } = await encodeAnimation(frames, { format, fps, holdLastMs: 1500 });
    await write('animation', path, bytes);
  }
  if (paths.sheet) {
    const sheet = await encodeFrame(sheetOf(reel, given, result), { format: 'png' });
    await write('sheet', paths.sheet, sheet);
  }
  if (paths.tokens) {
    await write('tokens', paths.tokens, encodeTokens(history.table(record, shape), historyFormat(paths.tokens)));
  }
  return files;
}

/** The same run gives the same bytes. */
export async function resultPng(frame: Frame, record: RunRecord): Promise<Uint8Array> {
  return embedManifest(await encodeFrame(frame, { format: 'png' }), JSON.stringify(record));
}

function sheetOf(reel: Reel, given: Frame | undefined, result: RunResult): Frame {
  const steps = spread(reel.frames, given ? SHEET_FRAMES - 1 : SHEET_FRAMES);
  const cells = [
    ...(given ? [{ label: 'given', frame: given }] : []),
    ...steps.map(({ step, frame }) => ({ label: step < 0 ? 'tokens' : `step ${step + 1}`, frame })),
  ];
  if (cells.length === 0) cells.push({ label: 'result', frame: result.frame });
  return contactSheet(
    cells.map(({ frame }) => frame),
    { labels: cells.map(({ label }) => label), columns: Math.min(8, cells.length) },
  );
}
