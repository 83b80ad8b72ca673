// Lists, fetches, checks and converts models.
import { basename, extname } from 'node:path';
import { convertToSafetensors, type ModelListing, openCheckpoint, type VerifyReport } from '@tessera/models';
import type { ModelFlags } from '../commands/models.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { DownloadProgress } from '../output/download-progress.ts';
import { writeJson } from '../output/json.ts';
import { bytes, table } from '../output/words.ts';
import { checkFree, outputError } from '../output/write.ts';
import { openStore } from '../run/engine.ts';
import { Stopper } from '../run/stop.ts';

export async function list({ json }: ModelFlags): Promise<ExitCode> {
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

export async function pull(ids: readonly string[], { json, quiet }: ModelFlags): Promise<ExitCode> {
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

export async function verify(ids: readonly string[], { json }: ModelFlags): Promise<ExitCode> {
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

export async function path(id: string, { json }: ModelFlags): Promise<ExitCode> {
  const folder = await openStore().path(id);
  if (json) writeJson({ type: 'result', id, folder });
  else process.stdout.write(`${folder}\n`);
  return EXIT.ok;
}

export async function convert(file: string, { out, force, json }: ModelFlags): Promise<ExitCode> {
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
