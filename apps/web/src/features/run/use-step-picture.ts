// The picture after a step, for a slider that moves fast: one load at a time, the newest wish next, the last picture stays meanwhile.
'use client';
import { useEffect, useRef, useState } from 'react';
import { troubleOf } from '../../gql/problem.ts';
import { stepPictures } from './step-pictures.ts';

export interface ShownPicture {
  /** Null until the first picture is there. */
  readonly src: string | null;
  /** The step that `src` shows; the wanted one once it has arrived. */
  readonly step: number | null;
  readonly problem: string | null;
}

const NOTHING: ShownPicture = { src: null, step: null, problem: null };

/** `step` null: nothing is wanted. `size` in px. */
export function useStepPicture(runId: string, step: number | null, size: number): ShownPicture {
  const [shown, setShown] = useState<{ readonly key: string; readonly picture: ShownPicture }>();
  const key = `${runId}:${size}`;
  const wanted = useRef(step);
  const busy = useRef<string | null>(null);
  const current = useRef(key);
  current.current = key;
  wanted.current = step;

  useEffect(() => {
    if (step === null || busy.current === key) return;
    busy.current = key;
    const load = async () => {
      let done: number | null = null;
      while (current.current === key && wanted.current !== null && wanted.current !== done) {
        const next: number = wanted.current;
        const picture = await loadPicture(runId, next, size);
        if (current.current === key) {
          setShown((before) => ({
            key,
            picture: picture.src || before?.key !== key ? picture : { ...before.picture, problem: picture.problem },
          }));
        }
        done = next;
      }
    };
    void load().finally(() => {
      if (busy.current === key) busy.current = null;
    });
  }, [runId, step, size, key]);

  return shown?.key === key ? shown.picture : NOTHING;
}

async function loadPicture(runId: string, step: number, size: number): Promise<ShownPicture> {
  try {
    const src = await stepPictures(runId, size).url(step);
    if (!src) return { ...NOTHING, problem: 'This step is not stored.' };
    const image = new Image();
    image.src = src;
    await image.decode();
    return { src, step, problem: null };
  } catch (cause) {
    const lost = cause instanceof DOMException;
    return { ...NOTHING, problem: lost ? 'The picture of this step did not arrive.' : troubleOf(cause).message };
  }
}
