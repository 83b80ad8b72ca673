// A run as a file: its picture, its film, its tokens over time, what makes it reproducible, its state.
import { getCheckpoint, getRun, type Run, readStep } from '@tessera/db';
import { embedManifest } from '@tessera/media';
import {
  csvOf,
  encodeTokenTable,
  exportFilename,
  historyOf,
  isRunExport,
  jsonOf,
  planOf,
  RUN_EXPORTS,
  type RunExport,
  SchemaError,
  type Services,
  stepsIn,
  type TicketSubject,
  TOKEN_FORMAT,
  type TokenFacts,
  tokenTable,
} from '@tessera/schema';
import { film } from './film.ts';
import type { Turns } from './turns.ts';

export type ExportSubject = Extract<TicketSubject, { readonly kind: 'run-export' }>;

export interface ExportServices extends Pick<Services, 'database' | 'compute' | 'pictures'> {
  /** Of this process, for films. */
  readonly turns: Turns;
}

export interface ExportedFile {
  readonly contentType: string;
  readonly filename: string;
  /** Bytes at once, or text and bytes in pieces while they are made. */
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * What a ticket names; whoever has one may read it.
 * @throws BusyError, NotFoundError, SchemaError, ComputeError, MediaError. What fails after the first piece breaks the stream.
 */
export async function exportRun(
  services: ExportServices,
  subject: ExportSubject,
  signal?: AbortSignal,
): Promise<ExportedFile> {
  const { format } = subject;
  if (!isRunExport(format)) throw new SchemaError('NOT_FOUND', `There is no export ${format}.`);
  const run = await getRun(services.database, subject.workspaceId, subject.runId);
  if (run.nextStep === 0) throw new SchemaError('RUN_STATE', 'The run has no step yet; wait for its first.');
  const step = format === 'PNG' ? (subject.step ?? run.nextStep - 1) : undefined;
  return {
    contentType: RUN_EXPORTS[format].contentType,
    filename: exportFilename(run, format, step),
    bytes: await contentOf(services, run, format, subject, signal),
  };
}

async function contentOf(
  services: ExportServices,
  run: Run,
  format: RunExport,
  subject: ExportSubject,
  signal: AbortSignal | undefined,
): Promise<ExportedFile['bytes']> {
  const { database } = services;
  const range = { stride: subject.stride ?? 1 };
  switch (format) {
    case 'PNG':
      return still(services, run, subject);
    case 'GIF':
    case 'WEBP':
    case 'MP4':
    case 'WEBM':
      return services.turns.take(() => film(services, run, { ...subject, format, ...(signal && { signal }) }), signal);
    case 'NPZ':
    case 'SAFETENSORS': {
      const { positions, channels } = run;
      const objectives = planOf(run).objectives.length;
      const shape = { steps: stepsIn(run, range), positions, channels, objectives };
      return encodeTokenTable(
        await tokenTable(historyOf(database, run, range), shape),
        await factsOf(services, run),
        format,
      );
    }
    case 'CSV':
      return encoded(csvOf(historyOf(database, run, range), run));
    case 'JSON':
      return encoded(jsonOf(historyOf(database, run, range), await factsOf(services, run)));
    case 'MANIFEST':
      return new TextEncoder().encode(`${JSON.stringify(manifestOf(run), null, 2)}\n`);
    case 'CHECKPOINT':
      return (await getCheckpoint(database, run.workspaceId, run.id)).data;
    default:
      return format satisfies never;
  }
}

/** The picture after a step, with what made it inside. */
async function still(
  { database, pictures }: ExportServices,
  run: Run,
  { step, size }: ExportSubject,
): Promise<Uint8Array> {
  const at = step ?? run.nextStep - 1;
  await readStep(database, run.workspaceId, run.id, at);
  const place = { kind: 'step-picture', workspaceId: run.workspaceId, runId: run.id, step: at, format: 'png' } as const;
  const { bytes } = await pictures.render({ ...place, ...(size !== undefined && { size }) });
  return run.manifest ? embedManifest(bytes, JSON.stringify(run.manifest)) : bytes;
}

function manifestOf({ manifest }: Run): object {
  if (!manifest)
    throw new SchemaError('NOT_FOUND', 'The run has no manifest yet; its worker writes it when it begins.');
  return manifest;
}

async function factsOf({ compute }: ExportServices, run: Run): Promise<TokenFacts> {
  const { seed, objectives } = planOf(run);
  const manifest = run.manifest as { readonly tokenizer?: { readonly sha256?: string } } | null;
  const sha256 = manifest?.tokenizer?.sha256 ?? (await hashOf(compute, run.tokenizer));
  return {
    format: TOKEN_FORMAT,
    tokenizer: { id: run.tokenizer, ...(sha256 !== undefined && { sha256 }) },
    seed,
    objectives: objectives.map(({ kind }) => kind),
    ...(manifest && { manifest }),
  };
}

/** Undefined where no worker can say. */
async function hashOf(compute: ExportServices['compute'], tokenizer: string): Promise<string | undefined> {
  const models = await compute.models().catch(() => []);
  return models.find(({ id }) => id === tokenizer)?.sha256;
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const piece of text) yield encoder.encode(piece);
}
