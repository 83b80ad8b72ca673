// Backups of a data directory that a process is using: it answers on a socket in its private folder with one whole dump.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { BackupError } from '../errors.ts';

/** Beside the database's own socket: only the user who started the process gets there. */
const socketOf = (folder: string): string => join(folder, 'backup');
/** Before the dump: how long it is, as an unsigned 64-bit number, so that a cut is noticed. */
const HEADER_BYTES = 8;

/** Sends a dump to whoever connects. @param folder that of the database's socket */
export async function answerBackups(folder: string, dump: () => Promise<Uint8Array>): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const answer = async (socket: Socket) => {
    const bytes = await dump();
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeBigUInt64BE(BigInt(bytes.byteLength));
    socket.write(header);
    socket.end(bytes);
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Whoever goes away, or is sent nothing, has an incomplete dump and says so.
    socket.on('error', () => undefined);
    answer(socket).catch(() => socket.destroy());
  });
  server.listen(socketOf(folder));
  await once(server, 'listening');
  server.unref();
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The dump of the process that uses a directory. @throws BackupError where none answers, or not to the end */
export async function askForBackup(folder: string): Promise<Uint8Array> {
  const socket = connect(socketOf(folder));
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) chunks.push(chunk as Buffer);
  } catch (cause) {
    throw new BackupError('The running server gives no backup; stop it, and try again.', { cause });
  }
  const all = Buffer.concat(chunks);
  const bytes = all.subarray(HEADER_BYTES);
  if (all.length < HEADER_BYTES || all.readBigUInt64BE() !== BigInt(bytes.length)) {
    throw new BackupError('The running server did not finish the backup; look into its log, and try again.');
  }
  return bytes;
}
