// A real HTTP server on 127.0.0.1 with the hub's endpoints that the library uses, and the faults a network has.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FakeFile {
  readonly bytes: Uint8Array;
  /** A large file has a SHA-256 and lives behind a redirect; a small one has a Git id only. */
  readonly large: boolean;
  /** Bytes to send instead of the promised ones. */
  lie?: Uint8Array;
}

export interface FakeHub {
  readonly url: string;
  readonly commit: string;
  readonly files: Map<string, FakeFile>;
  /** Requests seen: method, path, range. */
  readonly requests: { method: string; path: string; range: string | undefined; authorization: string | undefined }[];
  /** Faults, changed by the tests. */
  readonly faults: {
    /** Status for every API request. */
    status?: number;
    /** Break this many body transfers after `cutAfter` bytes. */
    cuts: number;
    cutAfter: number;
    /** Answer range requests of bodies so: as it should be, with the whole file, or with 416. */
    ranges: 'honoured' | 'ignored' | 'refused';
    /** Pause between chunks of 16 kB, milliseconds. */
    delayMs: number;
    /** Send nothing after the headers, this many times. */
    silences: number;
  };
  close(): Promise<void>;
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gitId = (bytes: Uint8Array) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** Starts a hub that holds one repository, its branch `main` at one commit. */
export async function startFakeHub(files: Record<string, FakeFile>, repo = 'someone/model'): Promise<FakeHub> {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const hub = {
    commit,
    files: new Map(Object.entries(files)),
    requests: [] as FakeHub['requests'],
    faults: { cuts: 0, cutAfter: 0, ranges: 'honoured', delayMs: 0, silences: 0 } as FakeHub['faults'],
  };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname } = new URL(req.url ?? '/', 'http://hub');
    hub.requests.push({
      method: req.method ?? '',
      path: pathname,
      range: req.headers.range,
      authorization: req.headers.authorization,
    });
    const json = (status: number, body: unknown) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (hub.faults.status) return void json(hub.faults.status, { error: 'no' });
    if (pathname === `/api/models/${repo}/revision/main`) {
      return void json(200, {
        _id: '1',
        id: repo,
        sha: commit,
        private: false,
        gated: false,
        downloads: 0,
        likes: 0,
        lastModified: '2024-01-01T00:00:00Z',
      });
    }
    if (pathname === `/api/models/${repo}/paths-info/${commit}`) {
      let body = '';
      for await (const chunk of req) body += chunk;
      const { paths } = JSON.parse(body) as { paths: string[] };
      return void json(
        200,
        paths.flatMap((path) => {
          const file = hub.files.get(path);
          if (!file) return [];
          const lfs = { oid: sha256(file.bytes), size: file.bytes.length, pointerSize: 130 };
          return [
            {
              type: 'file',
              path,
              size: file.bytes.length,
              oid: file.large ? gitId(Buffer.from(lfs.oid)) : gitId(file.bytes),
              ...(file.large ? { lfs } : {}),
            },
          ];
        }),
      );
    }
    const resolve = pathname.startsWith(`/${repo}/resolve/`)
      ? /^([^/]+)\/(.+)$/.exec(pathname.slice(`/${repo}/resolve/`.length))
      : null;
    const file = hub.files.get(resolve?.[2] ?? pathname.replace('/cdn/', ''));
    if (!file || (resolve && resolve[1] !== commit))
      return void res.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end('not found');
    const probe = req.headers.range === 'bytes=0-0';
    if (resolve && file.large && !probe) return void res.writeHead(302, { location: `/cdn/${resolve[2]}` }).end();
    await send(req, res, file, probe);
  }

  async function send(req: IncomingMessage, res: ServerResponse, file: FakeFile, probe: boolean): Promise<void> {
    const bytes = file.lie ?? file.bytes;
    const etag = file.large ? `"${sha256(file.bytes)}"` : `"${gitId(file.bytes)}"`;
    const range = /^bytes=(\d+)-(\d*)$/.exec(req.headers.range ?? '');
    if (range && !probe && hub.faults.ranges === 'refused')
      return void res.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    const partial = range && (probe || hub.faults.ranges === 'honoured');
    const from = partial ? Number(range[1]) : 0;
    const to = partial && range[2] ? Math.min(Number(range[2]) + 1, bytes.length) : bytes.length;
    const headers = { etag, 'accept-ranges': 'bytes', 'content-length': to - from };
    res.writeHead(
      partial ? 206 : 200,
      partial ? { ...headers, 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` } : headers,
    );
    if (probe) return void res.end(bytes.subarray(from, to));
    if (hub.faults.silences > 0) {
      hub.faults.silences--;
      res.flushHeaders();
      return;
    }
    const cut = hub.faults.cuts > 0 ? from + hub.faults.cutAfter : Number.POSITIVE_INFINITY;
    for (let at = from; at < to; at += 16_384) {
      if (at >= cut) {
        hub.faults.cuts--;
        return void res.destroy();
      }
      if (!res.write(bytes.subarray(at, Math.min(to, at + 16_384)))) await drained(res);
      if (hub.faults.delayMs > 0) await sleep(hub.faults.delayMs);
    }
    res.end();
  }

  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ...hub,
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Until the socket takes more, or is gone. */
async function drained(res: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })]).finally(() => stop.abort());
}
