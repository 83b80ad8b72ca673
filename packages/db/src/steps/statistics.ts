// What a run's tokens did at each position, kept up to date step by step and finished into numbers for queries.
import type { StepRecord, TokenData } from '@tessera/protocol';

export interface PositionStatistics {
  /** Steps that went in. */
  readonly steps: number;
  /** Per position: how often the index changed. */
  readonly changes: readonly number[];
  /** Per position: first and last step of a change; -1 where it never changed. */
  readonly firstChanged: readonly number[];
  readonly lastChanged: readonly number[];
  /** Per position: Shannon entropy in bits of the indices over steps; 0 where it never changed. */
  readonly entropy: readonly number[];
}

export interface StatisticsCollector {
  /** Steps in their order. Vectors have no indices: all their numbers stay 0 and -1. */
  add(step: StepRecord): void;
  result(): PositionStatistics;
}

export function collectStatistics(positions: number): StatisticsCollector {
  const changes = new Array<number>(positions).fill(0);
  const firstChanged = new Array<number>(positions).fill(-1);
  const lastChanged = new Array<number>(positions).fill(-1);
  const seen = Array.from({ length: positions }, () => new Map<number, number>());
  let steps = 0;
  return {
    add({ step, tokens, changed }) {
      steps++;
      if (tokens.kind !== 'indices') return;
      for (const position of changed) {
        changes[position]!++;
        if (firstChanged[position] === -1) firstChanged[position] = step;
        lastChanged[position] = step;
      }
      tokens.data.forEach((token, position) => {
        const map = seen[position];
        map?.set(token, (map.get(token) ?? 0) + 1);
      });
    },
    result: () => ({ steps, changes, firstChanged, lastChanged, entropy: seen.map((map) => entropyOf(map, steps)) }),
  };
}

function entropyOf(counts: ReadonlyMap<number, number>, total: number): number {
  let sum = 0;
  for (const n of counts.values()) sum -= (n / total) * Math.log2(n / total);
  return Math.fround(Math.abs(sum));
}

/** Tokens as uint16 or float32 little endian: what is stored of a last step or a seed. */
export function tokenBytes({ kind, data }: TokenData): Uint8Array<ArrayBuffer> {
  const array = kind === 'indices' ? Uint16Array.from(data) : Float32Array.from(data);
  return new Uint8Array(array.buffer);
}

export function tokensFromBytes(kind: TokenData['kind'], bytes: Uint8Array): TokenData {
  const copy = Uint8Array.from(bytes).buffer;
  return kind === 'indices'
    ? { kind, data: Int32Array.from(new Uint16Array(copy)) }
    : { kind, data: new Float32Array(copy) };
}

/** position * 65536 + token of each position, so that one index answers "this token at this position". */
export function placedTokens(tokens: TokenData): number[] {
  return tokens.kind === 'indices' ? Array.from(tokens.data, (token, position) => placed(position, token)) : [];
}

export const placed = (position: number, token: number): number => position * 65_536 + token;
