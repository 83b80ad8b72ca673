// Starts the server with the settings of the environment, and stops it when it is asked to.
import { parseArgs } from 'node:util';
import { readConfig } from './config/config.ts';
import { makeLog } from './log.ts';
import { buildPage } from './server/build-page.ts';
import { startServer } from './server/start-server.ts';

const USAGE = `Usage: npm start -- [--port N] [--host ADDRESS] [--data FOLDER] [--no-page] [--build]
Every other setting is an environment variable; see docs/server.md.`;

function settings(): { readonly environment: NodeJS.ProcessEnv; readonly build: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      'no-page': { type: 'boolean' },
      build: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  const environment = {
    ...process.env,
    ...(values.port && { TESSERA_PORT: values.port }),
    ...(values.host && { TESSERA_HOST: values.host }),
    ...(values.data && { TESSERA_DATA: values.data }),
    ...(values['no-page'] && { TESSERA_PAGE: 'off' }),
  };
  return { environment, build: values.build ?? false };
}

/** What a person who started it should read: one line. */
function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`tessera: ${message}\n`);
  process.exit(1);
}

try {
  const { environment, build } = settings();
  const config = readConfig(environment);
  if (build && config.page && !config.development) await buildPage();
  const log = makeLog(config);
  const server = await startServer(config, log);
  process.stdout.write(`Tessera is ready at ${server.address}\n`);
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // Who asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  fail(error);
}
