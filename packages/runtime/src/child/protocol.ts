// The messages between a runtime and its engine process, in types. PROTOCOL.md beside the sources says the rules, by number.
import type { OnnxModel } from '../model.ts';
import type { ProviderName } from '../providers/provider.ts';
import type { Feeds, SessionOptions } from '../session.ts';
import type { Tensor } from '../tensor.ts';

/** Both sides must agree on it exactly (rule P2). */
export const PROTOCOL_VERSION = 1;

export interface EngineStats {
  readonly pid: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
}

/** Request type -> its fields and the value of its reply. */
export interface Requests {
  /** M2 */
  load: {
    body: { session: number; provider: ProviderName; model: OnnxModel; options: Required<SessionOptions> };
    value: null;
  };
  /** M3 */
  run: { body: { session: number; feeds: Feeds }; value: Record<string, Tensor> };
  /** M4 */
  release: { body: { session: number }; value: null };
  /** M5 */
  stats: { body: object; value: EngineStats };
  /** M6 */
  close: { body: object; value: null };
}

export type RequestType = keyof Requests;

export type Request = { [T in RequestType]: { type: T; id: number } & Requests[T]['body'] }[RequestType];

export type Reply =
  /** M1 */
  | { type: 'hello'; version: number }
  /** M7 */
  | { type: 'done'; id: number; value: Requests[RequestType]['value'] }
  /** M8 */
  | { type: 'failed'; id: number; error: WireError };

/** Our own errors, as facts (rule P9). */
export type WireError =
  | { code: 'FEED_INVALID' | 'OPTION_INVALID'; name: string; given: string; expected: string }
  | { code: 'MODEL_LOAD_FAILED' | 'RUN_FAILED'; provider: string; detail: string }
  | { code: 'SESSION_CLOSED' };
