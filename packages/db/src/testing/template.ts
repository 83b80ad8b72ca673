// A fresh embedded database in memory, from a dump that is made once per set of migrations.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf } from '../checks.ts';
import type { Database } from '../database.ts';
import { DatabaseThread } from '../embedded/thread.ts';
import { readMigrations } from '../migrate/files.ts';
import { openDatabase } from '../open.ts';

const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/tessera-db', import.meta.url));

let template: Promise<Uint8Array> | undefined;

export async function openTestDatabase(): Promise<Database> {
  return openDatabase({ memory: true, archive: await testTemplate() });
}

/** A migrated, empty database as a tar archive. */
export function testTemplate(): Promise<Uint8Array> {
  template ??= loadTemplate();
  return template;
}

async function loadTemplate(): Promise<Uint8Array> {
  const file = join(CACHE, `${hashOf(readMigrations()).slice(0, 16)}.tar`);
  try {
    return readFileSync(file);
  } catch {
    const thread = await DatabaseThread.start({});
    const dump = await thread.dump();
    await thread.close();
    mkdirSync(CACHE, { recursive: true });
    // Test files run side by side: each sees a whole file or none.
    writeFileSync(`${file}.${process.pid}`, dump);
    renameSync(`${file}.${process.pid}`, file);
    return dump;
  }
}
