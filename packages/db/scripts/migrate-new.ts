// Writes a new migration: npm run db:migrate:new --workspace packages/db -- what_changed
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRISMA_FOLDER, schemaDiff } from './schema-diff.ts';

const name = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9_]{2,60}$/.test(name)) {
  console.error('Name the migration in lower case with underscores: npm run db:migrate:new -- add_tags');
  process.exit(1);
}
const sql = await schemaDiff();
if (sql === '') {
  console.log('The migrations already give the schema: nothing to write.');
} else {
  const stamp = new Date().toISOString().replace(/[-:T]|\..*/g, '');
  const folder = join(PRISMA_FOLDER, 'migrations', `${stamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
  writeFileSync(join(PRISMA_FOLDER, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  console.log(`Wrote ${folder}/migration.sql: read it before you commit it.`);
}
