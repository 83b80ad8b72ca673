// Writes Prisma's client into packages/db/generated when the schema changed since the last time. Needs no network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const prisma = require.resolve('prisma/package.json');
const wanted = createHash('sha256')
  .update(readFileSync(join(here, '../../prisma/schema.prisma')))
  .update(JSON.parse(readFileSync(prisma, 'utf8')).version)
  .digest('hex');
const stamp = join(here, 'generated', '.stamp');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const cli = join(dirname(prisma), JSON.parse(readFileSync(prisma, 'utf8')).bin.prisma);
  const run = spawnSync(process.execPath, [cli, 'generate'], {
    cwd: here,
    stdio: ['ignore', 'pipe', 2],
    env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  });
  if (run.status !== 0) {
    process.stderr.write(run.stdout);
    console.error('Generating the database client failed: see the lines above.');
    process.exit(run.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}
