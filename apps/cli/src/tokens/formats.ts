// The three forms of a token file, told apart by the name's ending.
import { extname } from 'node:path';
import { UsageError } from '../errors.ts';

export const HISTORY_FORMATS = ['npz', 'safetensors', 'json'] as const;
export type HistoryFormat = (typeof HISTORY_FORMATS)[number];

/** @throws UsageError for any other ending */
export function historyFormat(path: string): HistoryFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = HISTORY_FORMATS.find((known) => known === ending);
  if (!format) throw new UsageError(`${path}: a token file ends in .npz, .safetensors or .json`);
  return format;
}
