// The page inside a server's own process: Next without a server, signals or telemetry of its own.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';

export interface MountedPage {
  handler(req: IncomingMessage, res: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/** @param dev compile on demand and reload; otherwise `next build` has to have run */
export async function mountPage({ dev }: { readonly dev: boolean }): Promise<MountedPage> {
  // The server that mounts the page closes a database when it is asked to stop: Next must not exit before.
  process.env.NEXT_MANUAL_SIG_HANDLE = '1';
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  // Read when the module is loaded, so it is loaded here.
  const { default: next } = await import('next');
  const app = next({ dev, dir: fileURLToPath(new URL('.', import.meta.url)), quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  return { handler: (req, res) => handle(req, res), close: () => app.close() };
}

export { documentsFile } from './documents-file.ts';
export { staticFolder } from './static-folder.ts';
