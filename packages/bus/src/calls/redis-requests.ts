// What calls ask of Redis. A request is a key of its own that expires with its caller's patience; the list of its service
// holds only its id. Needs Redis 7.
import type { Redis } from 'ioredis';
import type { BusLimits } from '../limits.ts';
import type { Answer } from './answer.ts';

export interface CallKeys {
  /** List of the ids that wait for a server. */
  readonly queue: (service: string) => string;
  /** Payload of a request. */
  readonly request: (id: string) => string;
  /** Stream of the answers for one caller. */
  readonly answers: (caller: string) => string;
  /** Sorted set of the servers of a service, by the time until which each is taken to live. */
  readonly marks: (service: string) => string;
  /** List that wakes one server when it closes. */
  readonly stop: (server: string) => string;
}

export function callKeys(prefix: string): CallKeys {
  return {
    queue: (service) => `${prefix}:calls:q:${service}`,
    request: (id) => `${prefix}:calls:r:${id}`,
    answers: (caller) => `${prefix}:calls:a:${caller}`,
    marks: (service) => `${prefix}:calls:m:${service}`,
    stop: (server) => `${prefix}:calls:s:${server}`,
  };
}

// Ids whose callers gave up without taking them back are removed only when the list is full. KEYS: queue, request.
// ARGV: id, payload, timeout, ids allowed, what comes before an id in a request's key.
const SEND = `
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[4]) then
  for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    if redis.call('EXISTS', ARGV[5] .. id) == 0 then redis.call('LREM', KEYS[1], 1, id) end
  end
  if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[3]), redis.call('PTTL', KEYS[1])))
return 1
`;

export interface OutgoingRequest {
  readonly service: string;
  readonly id: string;
  readonly payload: Uint8Array;
  readonly timeoutMs: number;
}

/** False where too many wait already. */
export async function sendRequest(
  redis: Redis,
  keys: CallKeys,
  { service, id, payload, timeoutMs }: OutgoingRequest,
  limits: BusLimits,
): Promise<boolean> {
  const names = [keys.queue(service), keys.request(id)];
  const args = [id, buffer(payload), timeoutMs, limits.callsWaiting, keys.request('')];
  return Number(await redis.call('EVAL', [SEND, names.length, ...names, ...args])) === 1;
}

/** Best effort: what is left expires. */
export function withdrawRequest(redis: Redis, keys: CallKeys, service: string, id: string): void {
  redis
    .multi()
    .del(keys.request(id))
    .lrem(keys.queue(service), 1, id)
    .exec()
    .catch(() => {});
}

export interface TakenRequest {
  readonly payload: Uint8Array;
  /** ms until its caller gives up. */
  readonly leftMs: number;
}

/** Undefined where the caller has given up. */
export async function takeRequest(redis: Redis, keys: CallKeys, id: string): Promise<TakenRequest | undefined> {
  const key = keys.request(id);
  const replies = await redis.multi().pttl(key).getdelBuffer(key).exec();
  const [leftMs, payload] = replies?.map(([error, value]) => {
    if (error) throw error;
    return value;
  }) ?? [undefined, null];
  return Buffer.isBuffer(payload) ? { payload, leftMs: Number(leftMs) } : undefined;
}

/** Fields: `i` id, `t` done or failed, `d` data or the failure as JSON. The stream goes when its caller is silent. */
export async function sendAnswer(
  redis: Redis,
  keys: CallKeys,
  id: string,
  answer: Answer,
  limits: BusLimits,
): Promise<void> {
  const data = answer.type === 'done' ? buffer(answer.data) : JSON.stringify(answer);
  const key = keys.answers(callerOf(id));
  const replies = await redis
    .multi()
    .xadd(key, '*', 'i', id, 't', answer.type, 'd', data)
    .pexpire(key, limits.callAnswerTtlMs)
    .exec();
  const error = replies?.find(([failed]) => failed)?.[0];
  if (error) throw error;
}

/** Ids are `<caller>.<number>`. */
export function requestId(caller: string, number: number): string {
  return `${caller}.${number}`;
}

function callerOf(id: string): string {
  return id.slice(0, id.lastIndexOf('.'));
}

/** The same memory as a Buffer, which ioredis sends as it is. */
function buffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
