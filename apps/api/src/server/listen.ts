// Listening, with a clear word where that does not work.
import type { Server } from 'node:http';
import { ListenError } from '../config/errors.ts';

/** The port that it listens on. @throws ListenError */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ListenError(host, port, error.code ?? error.message)),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
