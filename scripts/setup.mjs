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

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const stamp = join(root, 'node_modules', '.tessera-lock');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash()) {
  console.error('Installing dependencies (once, about a minute) ...');
  // The locked versions. Not `npm ci`: it wants an entry for every platform's optional binary, and a registry mirror that lacks
  // those of other platforms leaves them out of the lock file.
  const install = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) {
    console.error('The install failed: see the lines above. Nothing was run.');
    process.exit(install.status ?? 1);
  }
  writeFileSync(stamp, lockHash());
}

// Does nothing when the client is already that of the schema.
const generate = spawnSync(process.execPath, [join(root, 'packages', 'db', 'scripts', 'generate.mjs')], {
  stdio: ['ignore', 2, 2],
});
if (generate.status !== 0) process.exit(generate.status ?? 1);
