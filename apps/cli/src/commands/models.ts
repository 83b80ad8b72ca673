// tessera models: what is known, what is here, and how to get the rest.
import { basename, extname } from 'node:path';
import { convertToSafetensors, type ModelListing, openCheckpoint, type VerifyReport } from '@tessera/models';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { DownloadProgress } from '../output/download-progress.ts';
import { writeJson } from '../output/report.ts';
import { bytes, table } from '../output/words.ts';
import { checkFree, outputError } from '../output/write.ts';
import { openStore } from '../run/engine.ts';
import { Stopper } from '../run/stop.ts';

interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

export function modelsCommand(program: Command, done: (code: ExitCode) => void): void {
  const models = program
    .command('models')
    .summary('list, fetch and check models')
    .description('Manages the models on this machine. The pocket models are always there; others are fetched once.')
    .addHelpText(
      'after',
      `
Examples:
  tessera models list
  tessera models pull vq-ll-32
  tessera models verify pocket-32
  tessera models path pocket-clip
  tessera models convert weights.bin -o weights.safetensors`,
    );
  const sub = (name: string, summary: string) =>
    models.command(name).description(summary).option('--json', 'JSON on standard output');
  sub('list', 'Lists every known model and whether it is here.').action(async (flags: Flags) =>
    done(await list(flags)),
  );
  sub('pull', 'Fetches models; an interrupted download goes on where it stopped.')
    .argument('<model...>')
    .option('--quiet', 'no progress')
    .action(async (ids: string[], flags: Flags) => done(await pull(ids, flags)));
  sub('verify', 'Hashes the files of models that are here.')
    .argument('[model...]', 'default: all that are here')
    .action(async (ids: string[], flags: Flags) => done(await verify(ids, flags)));
  sub('path', 'Prints the folder of a model.')
    .argument('<model>')
    .action(async (id: string, flags: Flags) => done(await path(id, flags)));
  sub('convert', 'Writes a PyTorch checkpoint as safetensors. Nothing in the file is run.')
    .argument('<file>')
    .option('-o, --out <file>', 'safetensors file to write')
    .option('--force', 'write over an existing file')
    .action(async (file: string, flags: Flags) => done(await convert(file, flags)));
}

async function list({ json }: Flags): Promise<ExitCode> {
  const store = openStore();
  const found = await store.list();
  if (json) {
    for (const { id, name, kind, state, bytes: size, licence, folder } of found) {
      writeJson({ type: 'model', id, name, kind, state, bytes: size, licence, folder });
    }
    return EXIT.ok;
  }
  const size = (m: ModelListing) => `${m.bytesAreExact ? '' : '~'}${bytes(m.bytes)}`;
  const rows = found.map((m) => [m.id, m.kind, size(m), m.state, m.licence]);
  process.stdout.write(
    `${table([['model', 'kind', 'size', 'state', 'licence'], ...rows])}\n\nstore: ${store.directory}\n`,
  );
  return EXIT.ok;
}

async function pull(ids: readonly string[], { json, quiet }: Flags): Promise<ExitCode> {
  const store = openStore();
  using stopper = new Stopper('Stopping the download, what is here is kept');
  for (const id of ids) {
    const progress = new DownloadProgress();
    try {
      const folder = await store.pull(id, {
        signal: stopper.signal,
        ...(!quiet && !json && { onProgress: (p) => progress.update(p) }),
      });
      progress.clear();
      if (json) writeJson({ type: 'result', id, folder });
      else process.stdout.write(`${id}  ${folder}\n`);
    } catch (error) {
      progress.clear();
      if (stopper.exitCode === undefined) throw error;
      process.stderr.write(`tessera: stopped, what was downloaded is kept: go on with tessera models pull ${id}\n`);
      return stopper.exitCode;
    }
  }
  return EXIT.ok;
}

async function verify(ids: readonly string[], { json }: Flags): Promise<ExitCode> {
  const store = openStore();
  const here = (await store.list()).filter(({ state }) => state === 'embedded' || state === 'pulled');
  const reports: VerifyReport[] = [];
  for (const id of ids.length > 0 ? ids : here.map((m) => m.id)) reports.push(await store.verify(id));
  if (json) for (const report of reports) writeJson({ type: 'result', ...report });
  else {
    const rows = reports.flatMap(({ id, files }) =>
      files.map((f) => [id, f.path, f.state, f.sha256?.slice(0, 16) ?? '-']),
    );
    process.stdout.write(`${table([['model', 'file', 'state', 'sha256'], ...rows])}\n`);
  }
  const bad = reports.filter(({ ok }) => !ok).map(({ id }) => id);
  if (bad.length === 0) return EXIT.ok;
  process.stderr.write(
    `tessera: ${bad.join(', ')}: files are changed, missing or unknown: run tessera models pull ${bad.join(' ')}\n`,
  );
  return EXIT.model;
}

async function path(id: string, { json }: Flags): Promise<ExitCode> {
  const folder = await openStore().path(id);
  if (json) writeJson({ type: 'result', id, folder });
  else process.stdout.write(`${folder}\n`);
  return EXIT.ok;
}

async function convert(file: string, { out, force, json }: Flags): Promise<ExitCode> {
  const target = out ?? `${basename(file, extname(file))}.safetensors`;
  if (extname(target) !== '.safetensors') throw new UsageError(`--out ${target}: give a name ending in .safetensors`);
  checkFree(target, force ?? false);
  using stopper = new Stopper('Stopping, nothing will be left behind');
  using checkpoint = await openCheckpoint(file);
  try {
    await convertToSafetensors(checkpoint, target, { signal: stopper.signal });
  } catch (error) {
    if (stopper.exitCode !== undefined) return stopper.exitCode;
    const isSystem = error instanceof Error && 'code' in error && 'syscall' in error;
    throw isSystem ? outputError(target, error) : error;
  }
  if (json) writeJson({ type: 'result', file: target, tensors: checkpoint.tensors.size });
  else process.stdout.write(`${target}\n`);
  return EXIT.ok;
}
