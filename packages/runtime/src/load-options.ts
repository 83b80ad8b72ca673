// The options of one load: the runtime's own, under those given to the call.
import type { RuntimeOptions } from './runtime.ts';
import type { SessionOptions } from './session.ts';

export function loadOptions(runtime: RuntimeOptions, load: SessionOptions = {}): SessionOptions {
  const { threads, deviceId } = runtime;
  return { ...(threads === undefined ? {} : { threads }), ...(deviceId === undefined ? {} : { deviceId }), ...load };
}
