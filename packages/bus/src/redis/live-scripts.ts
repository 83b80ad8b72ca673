// What the live channel asks of Redis, each in one atomic script. Binary safe; needs Redis 7.
import type { Redis } from 'ioredis';
import type { BusLimits } from '../limits.ts';

/** Keys of a topic: lossless stream (ids `<seq>-0`), head hash, stream of slot changes, hash of slots. */
export function topicKeys(
  prefix: string,
  topic: string,
): [events: string, head: string, changes: string, slots: string] {
  const key = `${prefix}:live:{${topic}}`;
  return [`${key}:e`, `${key}:h`, `${key}:c`, `${key}:s`];
}

// The channel's own numbers jump to the clock after a restart of the server: a restored backup may have forgotten the
// last ones, and a number must not be used twice. ARGV: data, seq or '', window, topic ttl, head ttl.
const APPEND = `
local known = redis.call('HMGET', KEYS[2], 'seq', 'server')
local last = tonumber(known[1])
local seq = tonumber(ARGV[2])
if seq then
  if last and seq <= last then return seq end
  if not last then redis.call('HSET', KEYS[2], 'base', 0) end
else
  local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  if last and known[2] == server then
    seq = last + 1
  else
    local now = redis.call('TIME')
    seq = math.max((last or 0) + 1, now[1] * 1000 + math.floor(now[2] / 1000))
    if not last then redis.call('HSET', KEYS[2], 'base', string.format('%.0f', seq - 1)) end
    redis.call('HSET', KEYS[2], 'server', server)
  end
end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], string.format('%.0f-0', seq), 'd', ARGV[1])
redis.call('HSET', KEYS[2], 'seq', string.format('%.0f', seq))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return seq
`;

// A slot is stored as 'expires:at:data'. ARGV: key, '1' if it holds data, data, ttl, slots kept.
const SET = `
local at = redis.call('HGET', KEYS[2], 'seq') or '0'
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], '*', 'k', ARGV[1], 'a', at, 't', ARGV[4], 'p', ARGV[2], 'd', ARGV[3])
if ARGV[2] == '1' then
  local now = redis.call('TIME')
  local expires = now[1] * 1000 + math.floor(now[2] / 1000) + tonumber(ARGV[4])
  redis.call('HSET', KEYS[4], ARGV[1], string.format('%.0f:%s:', expires, at) .. ARGV[3])
  if redis.call('HLEN', KEYS[4]) > tonumber(ARGV[5]) then
    local all = redis.call('HGETALL', KEYS[4])
    local oldest, when
    for i = 1, #all, 2 do
      local e = tonumber(string.match(all[i + 1], '^(%d+):'))
      if not when or e < when then oldest, when = all[i], e end
    end
    redis.call('HDEL', KEYS[4], oldest)
  end
else
  redis.call('HDEL', KEYS[4], ARGV[1])
end
for _, key in ipairs({ KEYS[3], KEYS[4] }) do
  redis.call('PEXPIRE', key, math.max(tonumber(ARGV[4]), redis.call('PTTL', key)))
end
return at
`;

// Window, head and slots at one moment, and where to read on. ARGV: window.
const OPEN = `
local head = redis.call('HMGET', KEYS[2], 'seq', 'base')
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local events = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', ARGV[1])
local change = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local slots = {}
local all = redis.call('HGETALL', KEYS[4])
for i = 1, #all, 2 do
  local expires, at, from = string.match(all[i + 1], '^(%d+):(%d+):()')
  local left = tonumber(expires) - ms
  if left > 0 then table.insert(slots, { all[i], at, string.format('%.0f', left), string.sub(all[i + 1], from) }) end
end
return { server, head[1], head[2], change[1] and change[1][1] or '0-0', events, slots }
`;

export interface OpenedSlot {
  readonly key: string;
  readonly at: number;
  readonly leftMs: number;
  readonly data: Uint8Array;
}

export interface OpenedTopic {
  /** Changes when the server process does. */
  readonly server: string;
  readonly head: number | undefined;
  readonly base: number;
  /** Last id of the stream of slot changes. */
  readonly changeId: string;
  /** Ascending. */
  readonly events: readonly { readonly seq: number; readonly data: Uint8Array }[];
  readonly slots: readonly OpenedSlot[];
}

type Entry = [id: Buffer, fields: Buffer[]];

export async function appendEvent(
  redis: Redis,
  keys: readonly string[],
  data: Uint8Array,
  seq: number | undefined,
  limits: BusLimits,
): Promise<number> {
  const { windowEvents, topicTtlMs, headTtlMs } = limits;
  const answer = await run(redis, APPEND, keys, [bytes(data), seq ?? '', windowEvents, topicTtlMs, headTtlMs]);
  return Number(answer);
}

export async function setSlot(
  redis: Redis,
  keys: readonly string[],
  key: string,
  data: Uint8Array | null,
  ttlMs: number,
  limits: BusLimits,
): Promise<number> {
  const holds = data === null ? '0' : '1';
  return Number(await run(redis, SET, keys, [key, holds, bytes(data ?? EMPTY), ttlMs, limits.latestKeys]));
}

export async function openTopic(redis: Redis, keys: readonly string[], limits: BusLimits): Promise<OpenedTopic> {
  const answer = (await run(redis, OPEN, keys, [limits.windowEvents])) as [
    Buffer,
    Buffer | null,
    Buffer | null,
    Buffer,
    Entry[],
    Buffer[][],
  ];
  const [server, head, base, changeId, events, slots] = answer;
  return {
    server: server.toString(),
    head: head === null ? undefined : Number(head),
    base: Number(base ?? 0),
    changeId: changeId.toString(),
    events: events.map(([id, fields]) => ({ seq: seqOf(id), data: fields[1]! })).reverse(),
    slots: slots.map(([key, at, left, data]) => ({
      key: key!.toString(),
      at: Number(at),
      leftMs: Number(left),
      data: data!,
    })),
  };
}

/** The number in a stream id `<seq>-0`. */
export function seqOf(id: Buffer): number {
  return Number(id.toString().split('-')[0]);
}

const EMPTY = new Uint8Array(0);

/** The same memory as a Buffer, which ioredis sends as it is. */
function bytes(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function run(
  redis: Redis,
  script: string,
  keys: readonly string[],
  args: (string | number | Buffer)[],
): Promise<unknown> {
  return redis.callBuffer('EVAL', [script, keys.length, ...keys, ...args]);
}
