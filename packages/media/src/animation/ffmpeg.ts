// H.264 in MP4 through the system's ffmpeg, fed frame by frame; its output goes to a file because MP4 needs to seek.
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { EncodeError, EncoderMissingError } from '../errors.ts';
import type { RgbFrame } from '../image/frame.ts';
import type { Timing } from './timing.ts';

/** The program to run: the environment variable TESSERA_FFMPEG, or `ffmpeg` on the PATH. */
const program = () => process.env.TESSERA_FFMPEG || 'ffmpeg';

/** Does an ffmpeg with the libx264 encoder answer? */
export async function hasFfmpeg(): Promise<boolean> {
  const child = spawn(program(), ['-hide_banner', '-encoders'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  });
  let listing = '';
  child.stdout.on('data', (part: Buffer) => {
    listing += part.toString('latin1');
  });
  return (await exitCode(child)) === 0 && listing.includes('libx264');
}

/**
 * Encodes frames of one size as H.264 (4:2:0, CRF 18). Odd sides are padded by one pixel, as H.264 asks.
 * @throws EncoderMissingError when ffmpeg cannot be started, EncodeError with its last line when it fails
 */
export async function ffmpegMp4(frames: AsyncIterable<RgbFrame>, timing: Timing): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-mp4-'));
  const file = join(folder, 'run.mp4');
  let run: Run | undefined;
  try {
    for await (const frame of frames) {
      run ??= start(argumentsFor(file, frame, timing));
      if (run.child.exitCode !== null || run.failed) break;
      const { stdin } = run.child;
      if (!stdin.write(frame.data)) await Promise.race([new Promise((go) => stdin.once('drain', go)), run.exit]);
    }
    if (!run) throw new EncodeError('ffmpeg was given no frame; give at least one');
    run.child.stdin.end();
    const code = await run.exit;
    if (run.failed) {
      throw new EncoderMissingError('no ffmpeg on this machine; install it, or use webp, webm or mp4 with codec av1');
    }
    if (code !== 0)
      throw new EncodeError(`ffmpeg failed: ${run.said.trim().split('\n').at(-1) || `exit code ${code}`}`);
    return await readFile(file);
  } finally {
    run?.child.kill('SIGKILL');
    await run?.exit;
    await rm(folder, { recursive: true, force: true });
  }
}

type Run = {
  readonly child: ChildProcessByStdio<Writable, null, Readable>;
  readonly exit: Promise<number | null>;
  /** It could not be started. */
  failed: boolean;
  /** The end of its error output. */
  said: string;
};

function start(args: string[]): Run {
  const child = spawn(program(), args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const run: Run = { child, exit: exitCode(child), failed: false, said: '' };
  child.once('error', () => {
    run.failed = true;
  });
  child.stderr.on('data', (part: Buffer) => {
    run.said = (run.said + part.toString('utf8')).slice(-2000);
  });
  // A broken pipe is told by the exit code and by what ffmpeg said.
  child.stdin.on('error', () => {});
  return run;
}

function argumentsFor(file: string, picture: { width: number; height: number }, timing: Timing): string[] {
  const pad = 'pad=ceil(iw/2)*2:ceil(ih/2)*2';
  const hold = timing.holdLastMs > 0 ? `,tpad=stop_mode=clone:stop_duration=${timing.holdLastMs / 1000}` : '';
  return [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...[
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${picture.width}x${picture.height}`,
      '-r',
      `${timing.fps}`,
      '-i',
      '-',
    ],
    ...['-an', '-vf', `${pad}${hold}`, '-c:v', 'libx264', '-crf', '18', '-preset', 'fast', '-pix_fmt', 'yuv420p'],
    ...['-movflags', '+faststart', file],
  ];
}

/** Null when it was killed or never started. */
function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
}
