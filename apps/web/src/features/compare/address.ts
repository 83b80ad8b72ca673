// What a comparison shows, in its address: `runs=a,b` under one slider, `runs=a@10,b@40` each at a step of its own.

export interface Compared {
  readonly runId: string;
  /** Null: the shared slider says it. */
  readonly step: number | null;
}

/** More pictures than these are too small to compare. */
export const MOST_COMPARED = 16;

export function readCompared(text: string | null | undefined): Compared[] {
  const found = (text ?? '').split(',').flatMap((part): Compared[] => {
    const match = /^([\w=+/-]+)(?:@(\d{1,6}))?$/.exec(part.trim());
    return match ? [{ runId: match[1]!, step: match[2] === undefined ? null : Number(match[2]) }] : [];
  });
  return found.slice(0, MOST_COMPARED);
}

export function writeCompared(compared: readonly Compared[]): string {
  return compared.map(({ runId, step }) => (step === null ? runId : `${runId}@${step}`)).join(',');
}
