// Installs the locked dependencies when they are missing or stale, so that every npm command works in a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Tessera needs Node 20.19 or newer; this is ${process.version}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}

const hashOf = (file) =>
  createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');
/** Whether `stamp` was written for `file` as it is now. */
const isCurrent = (stamp, file) => existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(file);

const installed = join(root, 'node_modules', '.tessera-lock');
if (!isCurrent(installed, 'package-lock.json')) {
  console.error('Installing dependencies (once, about a minute) ...');
  // A fresh clone gets exactly the lock file; a tree that is being worked on keeps what is there and gets what is new.
  const command = existsSync(join(root, 'node_modules')) ? 'install' : 'ci';
  const install = spawnSync('npm', [command, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) {
    console.error('The install failed: see the lines above. Nothing was run.');
    process.exit(install.status ?? 1);
  }
  writeFileSync(installed, hashOf('package-lock.json'));
}

const generated = join(root, 'packages', 'db', 'generated', '.tessera-schema');
if (!isCurrent(generated, 'prisma/schema.prisma')) {
  const generate = spawnSync(process.execPath, ['scripts/generate.mjs'], {
    cwd: join(root, 'packages', 'db'),
    stdio: ['ignore', 2, 2],
  });
  if (generate.status !== 0) {
    console.error('The database client could not be generated: see the lines above. Nothing was run.');
    process.exit(generate.status ?? 1);
  }
  writeFileSync(generated, hashOf('prisma/schema.prisma'));
}
