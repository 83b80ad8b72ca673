// Decides before a run where its results will lie, so that a wrong name costs no run.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { AnimationFormat } from '@tessera/media';
import { UsageError } from '../errors.ts';
import type { OutputFlags } from '../options/run-flags.ts';
import { historyFormat } from '../tokens/formats.ts';
import { checkFree, look, outputError } from './write.ts';

export interface OutputPaths {
  readonly png: string;
  readonly animations: readonly { readonly format: AnimationFormat; readonly path: string }[];
  readonly sheet?: string;
  readonly tokens?: string;
  readonly checkpoint?: string;
  /** Where a stopped run leaves its state when --checkpoint names no place. */
  readonly rescue: string;
}

const ANIMATIONS = ['gif', 'webp', 'webm', 'mp4'] as const satisfies readonly AnimationFormat[];

/**
 * Names for everything the options ask for. In a folder, or with no --out, a free name is found; a file that was named must be
 * free, unless --force is given.
 * @param stem base of the names where none is given
 * @throws UsageError, OutputError
 */
export function outputPaths(flags: OutputFlags, stem: string): OutputPaths {
  const force = flags.force ?? false;
  const formats = ANIMATIONS.filter((format) => flags[format]);
  const siblings = (base: string) => [
    ...formats.map((format) => `${base}.${format}`),
    ...(flags.sheet ? [`${base}-sheet.png`] : []),
  ];
  const { png, base } = named(flags.out, stem, force, siblings);
  const explicit = [flags.tokens, flags.checkpoint].filter((path) => path !== undefined);
  if (flags.tokens !== undefined) historyFormat(flags.tokens);
  for (const path of [png, ...siblings(base), ...explicit]) {
    checkFree(path, force);
    checkWritable(path);
  }
  if (flags.checkpointEvery !== undefined && flags.checkpoint === undefined) {
    throw new UsageError('--checkpoint-every needs --checkpoint FILE: name the file to write');
  }
  return {
    png,
    animations: formats.map((format) => ({ format, path: `${base}.${format}` })),
    ...(flags.sheet && { sheet: `${base}-sheet.png` }),
    ...(flags.tokens !== undefined && { tokens: flags.tokens }),
    ...(flags.checkpoint !== undefined && { checkpoint: flags.checkpoint }),
    rescue: `${base}.checkpoint.safetensors`,
  };
}

function named(
  out: string | undefined,
  stem: string,
  force: boolean,
  siblings: (base: string) => string[],
): { png: string; base: string } {
  const kind = out === undefined ? undefined : look(out);
  if (out !== undefined && kind && !kind.isDirectory() && !kind.isFile()) return { png: out, base: resolve(stem) };
  const isFolder = out === undefined || kind?.isDirectory() || (!kind && extname(out) === '') || /[\\/]$/.test(out);
  if (!isFolder) {
    if (extname(out).toLowerCase() !== '.png') {
      throw new UsageError(
        `--out ${out}: results are PNG files; name it ${basename(out, extname(out))}.png, or give a folder`,
      );
    }
    return { png: out, base: join(dirname(out), basename(out, extname(out))) };
  }
  for (let n = 1; ; n++) {
    const base = join(out ?? '.', n === 1 ? stem : `${stem}-${n}`);
    const png = `${base}.png`;
    if (force || ![png, ...siblings(base)].some((path) => existsSync(path))) return { png, base };
  }
}

/** The nearest folder that exists must be one that can be written. */
function checkWritable(path: string): void {
  let folder = dirname(resolve(path));
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw outputError(path, error);
  }
}
