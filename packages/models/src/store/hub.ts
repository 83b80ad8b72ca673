// The hub as the store needs it: which commit, which files, their bytes from an offset on; with our errors.
import { HubError, ModelAccessError, OfflineError, RemoteMissingError } from './errors.ts';

/** Loaded when it is first needed: it takes as long as all other models code, and most commands pull nothing. */
const library = () => import('@huggingface/hub');

/** A file at one commit, as the hub describes it. */
export interface RemoteFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of a large file; small files have only their Git id. */
  readonly sha256?: string;
  /** Git blob id: SHA-1 of `blob <size>\0<content>`. */
  readonly gitId?: string;
}

export interface HubOptions {
  /** Base address; the library's default when undefined. */
  readonly hubUrl?: string;
  readonly accessToken?: string;
}

/** What every call of the library gets from us. */
interface RequestParams {
  readonly hubUrl?: string;
  readonly accessToken?: string;
  readonly fetch: typeof fetch;
}

/** The server did not honour a byte range; the download has to start over. */
export class RangeRefusedError extends Error {
  override readonly name = 'RangeRefusedError';
}

export class Hub {
  readonly #options: HubOptions;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  #params(signal: AbortSignal | undefined): RequestParams {
    const { hubUrl, accessToken } = this.#options;
    const withSignal: typeof fetch = (input, init) => fetch(input, signal ? { ...init, signal } : init);
    return { ...(hubUrl ? { hubUrl } : {}), ...(accessToken ? { accessToken } : {}), fetch: withSignal };
  }

  /** The commit a branch or tag points to; a commit is returned as it is, without asking. */
  async commit(repo: string, revision: string, signal?: AbortSignal): Promise<string> {
    if (/^[0-9a-f]{40}$/.test(revision)) return revision;
    const what = `model repository ${repo} at ${revision}`;
    const { modelInfo } = await library();
    const { sha } = await this.#ask(what, signal, (p) =>
      modelInfo<'sha'>({ ...p, name: repo, revision, additionalFields: ['sha'] }),
    );
    if (!/^[0-9a-f]{40}$/.test(sha)) throw new HubError(what, 502);
    return sha;
  }

  /** Those of `paths` that exist at a commit. */
  async files(
    repo: string,
    commit: string,
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<Map<string, RemoteFile>> {
    const what = `model repository ${repo} at ${commit.slice(0, 12)}`;
    const { pathsInfo } = await library();
    const infos = await this.#ask(what, signal, (p) => pathsInfo({ ...p, repo, revision: commit, paths: [...paths] }));
    const files = new Map<string, RemoteFile>();
    for (const { path, type, size, lfs, oid } of infos) {
      if (type !== 'file' || !paths.includes(path)) continue;
      const identity = lfs ? { sha256: lfs.oid.replace(/^sha256:/, '') } : oid ? { gitId: oid } : {};
      files.set(path, { path, bytes: lfs?.size ?? size, ...identity });
    }
    return files;
  }

  /**
   * The bytes of a file from `from` on. The Xet protocol is left aside: its blocks cannot be continued at any byte after a cut,
   * a plain range request can.
   * @throws RangeRefusedError when the server sends other bytes than those asked for
   */
  async *bytes(
    repo: string,
    commit: string,
    file: RemoteFile,
    from: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const what = `file ${file.path} in ${repo}`;
    let failure: unknown;
    const params = this.#params(signal);
    const checked: typeof fetch = async (input, init) => {
      try {
        const response = await params.fetch(input, init);
        if (new Headers(init?.headers).has('range') && (response.status === 416 || response.status === 200)) {
          throw new RangeRefusedError(`status ${response.status} to a range request`);
        }
        return response;
      } catch (error) {
        // The library turns errors inside a stream into texts; keep the original.
        failure = error;
        throw error;
      }
    };
    try {
      const { downloadFile } = await library();
      const blob = await downloadFile({
        ...params,
        fetch: checked,
        repo,
        revision: commit,
        path: file.path,
        xet: false,
      });
      if (!blob) throw new RemoteMissingError(what);
      const rest = from === 0 ? blob : blob.slice(from, blob.size);
      for await (const chunk of rest.stream()) yield chunk;
    } catch (error) {
      throw await this.#translate(failure ?? error, what, signal);
    }
  }

  async #ask<T>(what: string, signal: AbortSignal | undefined, call: (p: RequestParams) => Promise<T>): Promise<T> {
    try {
      return await call(this.#params(signal));
    } catch (error) {
      throw await this.#translate(error, what, signal);
    }
  }

  async #translate(error: unknown, what: string, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) return signal.reason;
    if (error instanceof RangeRefusedError || error instanceof RemoteMissingError) return error;
    const { HubApiError } = await library();
    if (error instanceof HubApiError) {
      if (error.statusCode === 401 || error.statusCode === 403) return new ModelAccessError(what, error.statusCode);
      if (error.statusCode === 404) return new RemoteMissingError(what);
      return new HubError(what, error.statusCode);
    }
    const { hubUrl } = this.#options;
    return new OfflineError(hubUrl ? new URL(hubUrl).host : 'the model hub', networkCode(error), error);
  }
}

/** `ECONNREFUSED` and the like, wherever fetch hid it. */
function networkCode(error: unknown): string {
  for (let e = error; e instanceof Error; e = e.cause) if ('code' in e && typeof e.code === 'string') return e.code;
  return error instanceof Error ? error.message : String(error);
}
