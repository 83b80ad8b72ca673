// The page's own documents by hash: a JSON object of SHA-256 (hex) to text that the page's build writes.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/errors.ts';

/** Empty where there is no such file: the page then sends texts. @throws ConfigError when a hash is not that of its text */
export async function readKnownDocuments(file: string | undefined): Promise<ReadonlyMap<string, string>> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  const known = new Map<string, string>();
  for (const [hash, document] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
    const right = typeof document === 'string' && createHash('sha256').update(document).digest('hex') === hash;
    if (!right) throw new ConfigError('TESSERA_DOCUMENTS', `${file} has a wrong hash (${hash}); build the page again.`);
    known.set(hash, document);
  }
  return known;
}
