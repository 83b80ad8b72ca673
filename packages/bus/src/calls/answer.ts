// A handler's work on one request, as the answer that is sent: whatever it throws becomes a reason and a message.
import type { BusLimits } from '../limits.ts';
import type { CallHandler } from './calls.ts';
import { CallFailedError } from './errors.ts';

export type Answer =
  | { readonly type: 'done'; readonly data: Uint8Array }
  | { readonly type: 'failed'; readonly reason: string; readonly message: string };

/** Never rejects. The handler's signal is aborted after `leftMs`. */
export async function answer(
  handler: CallHandler,
  payload: Uint8Array,
  leftMs: number,
  limits: BusLimits,
  onError: (error: unknown) => void,
): Promise<Answer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error('The caller has given up.')), leftMs);
  try {
    const data = await handler(payload, deadline.signal);
    if (data.byteLength <= limits.callBytes) return { type: 'done', data };
    return failed('TOO_LARGE', `The answer has ${data.byteLength} bytes, more than the ${limits.callBytes} allowed.`);
  } catch (error) {
    if (error instanceof CallFailedError) return failed(error.reason, error.message);
    // After the deadline most handlers end by throwing, and nobody listens.
    if (!deadline.signal.aborted) onError(error);
    return failed('INTERNAL', 'The service failed; the details are in its log.');
  } finally {
    clearTimeout(timer);
  }
}

function failed(reason: string, message: string): Answer {
  return { type: 'failed', reason, message };
}
