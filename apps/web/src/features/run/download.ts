// Fetches an export of a run and hands it to the browser, with progress, a way to stop, and errors in words.

import type { VariablesOf } from '../../gql/graphql.ts';
import { TroubleError } from '../../gql/problem.ts';
import { ask } from '../../gql/query.ts';
import { ExportDocument } from './documents.ts';
import { refusal } from './refusal.ts';

export type ExportFormat = VariablesOf<typeof ExportDocument>['format'];
export type ExportRequest = VariablesOf<typeof ExportDocument>;

export type DownloadProgress =
  /** The server decodes and encodes; nothing arrives yet. */
  | { readonly stage: 'preparing' }
  /** `share` 0..1; null where the server does not tell the size. */
  | { readonly stage: 'receiving'; readonly received: number; readonly share: number | null };

/** @throws TroubleError, or an AbortError after `signal` */
export async function downloadExport(
  request: ExportRequest,
  signal: AbortSignal,
  progress: (progress: DownloadProgress) => void,
): Promise<string> {
  progress({ stage: 'preparing' });
  const { run } = await ask(ExportDocument, request);
  const download = run?.export;
  if (!download) {
    throw new TroubleError({ code: 'NOT_FOUND', message: 'The run has no step yet; wait for its first one.' });
  }
  signal.throwIfAborted();
  const answer = await fetch(download.url, { signal });
  if (!answer.ok) throw refusal(await answer.text(), `The server refused the download (${answer.status}).`);
  const blob = await receive(answer, progress);
  save(blob, download.filename);
  return download.filename;
}

async function receive(answer: Response, progress: (progress: DownloadProgress) => void): Promise<Blob> {
  const total = Number(answer.headers.get('content-length')) || null;
  const type = answer.headers.get('content-type') ?? 'application/octet-stream';
  if (!answer.body) return answer.blob();
  const parts: BlobPart[] = [];
  let received = 0;
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    received += next.value.byteLength;
    progress({ stage: 'receiving', received, share: total && Math.min(1, received / total) });
  }
  return new Blob(parts, { type });
}

function save(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  // The browser reads the address after the click; a minute later it has surely begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
