// Public face of @tessera/bus: the run queue, the live channel and calls, in memory or over Redis.
export { type Bus, type BusOptions, openBus } from './bus.ts';
export type { CallHandler, CallOptions, CallServer, CallStats, Calls, ServeOptions } from './calls/calls.ts';
export { CallFailedError, CallsFullError, CallTimeoutError, CallTooLargeError } from './calls/errors.ts';
export {
  BusClosedError,
  BusError,
  BusNameError,
  BusOptionError,
  BusUnavailableError,
  EventTooLargeError,
} from './errors.ts';
export { BUS_LIMITS, type BusLimitName, type BusLimits, busLimitsWith } from './limits.ts';
export { decodeOnce } from './live/decode-once.ts';
export type {
  Delivery,
  LiveChannel,
  LiveEvent,
  LiveStats,
  LiveSubscription,
  SubscribeOptions,
} from './live/live-channel.ts';
export type {
  CommandDelivery,
  CommandOptions,
  ConsumeOptions,
  Consumer,
  HintHandler,
  HintOptions,
  RunQueue,
} from './queue/run-queue.ts';
