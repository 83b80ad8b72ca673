// The SQL that leads from the existing migrations to schema.prisma, by Prisma's own engine compiled to WebAssembly.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { applyMigrations } from '../src/migrate/apply.ts';
import { readMigrations } from '../src/migrate/files.ts';

/** The part of WebAssembly that is used here: Node 20's types leave it to the browser's. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

export const PRISMA_FOLDER = fileURLToPath(new URL('../../../prisma', import.meta.url));

/** The module's own loader imports `.wasm`, which Node 20 does not do. */
async function loadEngine(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(join(dirname(file), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engineModule });
  engineModule.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
}

/** Empty where the migrations already give the schema. Fails over PostgreSQL's adapter: only PGlite is used. */
export async function schemaDiff(): Promise<string> {
  await loadEngine();
  const database = await PGlite.create();
  try {
    await applyMigrations(pgliteExecutor(database), readMigrations(join(PRISMA_FOLDER, 'migrations')));
    await database.exec('DROP TABLE _prisma_migrations');
    const files = readdirSync(PRISMA_FOLDER).filter((name) => name.endsWith('.prisma'));
    const datamodels = files.map((name): [string, string] => [name, readFileSync(join(PRISMA_FOLDER, name), 'utf8')]);
    const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(database));
    const engine = await engineModule.SchemaEngine.new({ datamodels }, () => undefined, adapter);
    const schema = { files: datamodels.map(([path, content]) => ({ path, content })) };
    const result = await engine.diff({
      from: { tag: 'schemaDatasource', ...schema, configDir: PRISMA_FOLDER },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    engine.free();
    return result.exitCode === 0 ? '' : (result.stdout ?? '');
  } finally {
    await database.close();
  }
}

function pgliteExecutor(database: PGlite) {
  return {
    execute: async (sql: string) => void (await database.exec(sql)),
    query: async (sql: string, values: unknown[]) => (await database.query<Record<string, unknown>>(sql, values)).rows,
  };
}
