// The key that signs picture addresses and sign-in tokens: given, or made once and kept beside the embedded database.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerConfig } from './config.ts';

export function secretOf(config: ServerConfig): string {
  if (config.secret !== undefined) return config.secret;
  const file = join(config.dataDirectory, 'secret');
  try {
    return readFileSync(file, 'utf8');
  } catch {
    mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 });
    const secret = randomBytes(32).toString('base64url');
    writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  }
}
