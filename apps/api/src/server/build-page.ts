// Builds the page where its sources changed since the last build: turbo knows, from a hash of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config/errors.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Seconds to a minute the first time, under a second when nothing changed. @throws ConfigError with the build's words above it */
export async function buildPage(): Promise<void> {
  const child = spawn(
    join(ROOT, 'node_modules', '.bin', 'turbo'),
    ['run', 'build', '--filter=@tessera/web', '--output-logs=errors-only'],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        TURBO_TELEMETRY_DISABLED: '1',
        NEXT_TELEMETRY_DISABLED: '1',
        DO_NOT_TRACK: '1',
        TURBO_UI: 'false',
      },
      // Whoever reads standard output waits for the line that says where the server is.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  const [code] = await once(child, 'exit');
  if (code !== 0)
    throw new ConfigError('TESSERA_PAGE', 'the page could not be built; see the lines above, or set TESSERA_PAGE=off.');
}
