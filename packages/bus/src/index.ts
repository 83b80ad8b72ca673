// Public face of @tessera/bus: the run queue and the live channel, in memory or over Redis.
export { type Bus, type BusOptions, openBus } from './bus.ts';
export {
  BusClosedError,
  BusError,
  BusNameError,
  BusOptionError,
  BusUnavailableError,
  EventTooLargeError,
} from './errors.ts';
export { BUS_LIMITS, type BusLimitName, type BusLimits, busLimitsWith, type Limit } from './limits.ts';
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
