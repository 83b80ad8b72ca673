// What both adapters check before they take a request or a server.
import { BusNameError, BusOptionError } from '../errors.ts';
import type { BusLimits } from '../limits.ts';
import { checkWhole } from '../names.ts';
import type { CallOptions, ServeOptions } from './calls.ts';
import { CallTooLargeError } from './errors.ts';

const SERVICE = /^[\w.-]{1,100}$/;
/** Node's timers hold 2^31 - 1 ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** @throws BusNameError */
export function checkService(service: string): void {
  if (!SERVICE.test(service)) throw new BusNameError('The service', service, '1 to 100 letters, digits or _ . -');
}

/** The timeout to use, ms. @throws BusNameError, BusOptionError, CallTooLargeError */
export function checkCall(service: string, payload: Uint8Array, options: CallOptions, limits: BusLimits): number {
  checkService(service);
  if (payload.byteLength > limits.callBytes) throw new CallTooLargeError(payload.byteLength, limits.callBytes);
  const timeoutMs = checkWhole('timeoutMs', options.timeoutMs ?? limits.callTimeoutMs, 1);
  return Math.min(timeoutMs, LONGEST_TIMER);
}

/** @throws BusNameError, BusOptionError */
export function checkServe(service: string, { concurrency }: ServeOptions): void {
  checkService(service);
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > 1024)
    throw new BusOptionError('concurrency', concurrency, 'a whole number from 1 to 1024');
}
