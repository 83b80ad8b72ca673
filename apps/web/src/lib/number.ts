// Numbers in fields: rounding to what a step can reach, reading what people type, writing it short.

export interface NumberBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly step?: number | undefined;
  readonly integer?: boolean | undefined;
}

/** Within the bounds, without the digits that floating point adds (0.1 + 0.2). */
export function clampTo(value: number, { min, max, step = 1, integer = false }: NumberBounds): number {
  const digits = integer ? 0 : Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(step))));
  const rounded = Number(value.toFixed(digits));
  return Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min ?? Number.NEGATIVE_INFINITY, rounded));
}

/** Null where it is no number. A decimal comma counts. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : null;
}

/** Up to six significant digits. */
export function showNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
