// Texts of the command line to values, refused with what would be right.
import { InvalidArgumentError } from 'commander';

/** Any finite number. NaN and infinity are refused here, ranges by the plan. */
export function number(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('It must be a finite number.');
  return value;
}

/** A whole number from 0. */
export function whole(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number from 0.');
  return value;
}

/** A whole number from 1. */
export function positive(text: string): number {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** Token positions such as `18,31` or `0-3,7`, sorted, each once. */
export function positions(text: string): number[] {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,6})(?:-(\d{1,6}))?\s*$/.exec(part);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (!match || to < from) throw new InvalidArgumentError('Give positions such as 18,31 or 0-3,7.');
    for (let at = from; at <= to; at++) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}

/** Positions as above, or `none`: a plan that locks some then locks none. */
export function locks(text: string): number[] {
  return text.trim() === 'none' ? [] : positions(text);
}

/** `WINDOW,IMPROVEMENT`. */
export function plateau(text: string): { window: number; minImprovement: number } {
  const [window, minImprovement, ...rest] = text.split(',').map(Number);
  if (!Number.isInteger(window) || !Number.isFinite(minImprovement) || rest.length > 0) {
    throw new InvalidArgumentError('Give window and least improvement, such as 20,0.001.');
  }
  return { window: window!, minImprovement: minImprovement! };
}

export interface MeterChoice {
  readonly model: string;
  readonly every: number;
  readonly stopAfter: number;
}

/** `MODEL[,EVERY[,STOP_AFTER]]`. */
export function meter(text: string): MeterChoice {
  const [model, every = '10', stopAfter = '0', ...rest] = text.split(',');
  if (!model || !/^\d+$/.test(every) || !/^\d+$/.test(stopAfter) || rest.length > 0) {
    throw new InvalidArgumentError(
      'Give a model, how often it is read, and after how many falls to stop, such as pocket-clip,10,5.',
    );
  }
  return { model, every: Number(every), stopAfter: Number(stopAfter) };
}
