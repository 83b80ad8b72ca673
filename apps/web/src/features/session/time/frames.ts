// Pictures of steps by run and step: those that came live, and those that the server decoded on demand.
import { graphql } from '../../../gql/graphql.ts';
import { ask } from '../../../gql/query.ts';

const PICTURE = graphql(`
  query StepPicture($id: ID!, $step: Int) {
    run(id: $id) { picture(step: $step, format: WEBP) { dataUrl url } }
  }
`);

const PICTURES = graphql(`
  query StepPictures($id: ID!, $from: Int!, $to: Int!, $stride: Int!) {
    run(id: $id) { steps(from: $from, to: $to, stride: $stride) { step picture(format: WEBP) { dataUrl url } } }
  }
`);

/** Pictures kept: about 10 kB each. */
const KEPT = 2_000;
const frames = new Map<string, string>();
const keyOf = (runId: string, step: number) => `${runId}:${step}`;

export function putFrame(runId: string, step: number, url: string): void {
  const key = keyOf(runId, step);
  frames.delete(key);
  frames.set(key, url);
  const oldest = frames.keys().next();
  if (frames.size > KEPT && !oldest.done) frames.delete(oldest.value);
}

/** The address of a picture that is here, inline or at the server. */
export function frameOf(runId: string, step: number): string | undefined {
  return frames.get(keyOf(runId, step));
}

interface Wanted {
  readonly runId: string;
  readonly step: number;
  readonly resolve: (url: string | null) => void;
  readonly reject: (cause: unknown) => void;
}

let asking = false;
let next: Wanted | undefined;

/**
 * The picture of a step, decoded by the server where it is not here. While one is decoded only the newest request waits:
 * dragging the slider asks for where it is, not for where it was. Null where a newer request took its place.
 */
export function requestFrame(runId: string, step: number): Promise<string | null> {
  const known = frameOf(runId, step);
  if (known) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    next?.resolve(null);
    next = { runId, step, resolve, reject };
    if (!asking) void askAll();
  });
}

async function askAll(): Promise<void> {
  asking = true;
  while (next) {
    const { runId, step, resolve, reject } = next;
    next = undefined;
    await askFor(runId, step).then(resolve, reject);
  }
  asking = false;
}

async function askFor(runId: string, step: number): Promise<string | null> {
  const known = frameOf(runId, step);
  if (known) return known;
  const { run } = await ask(PICTURE, { id: runId, step });
  const url = run?.picture?.dataUrl ?? run?.picture?.url ?? null;
  if (url) putFrame(runId, step, url);
  return url;
}

/** Decodes several steps at once, those that are not here; for playing. */
export async function fetchFrames(runId: string, from: number, to: number, stride: number): Promise<void> {
  const { run } = await ask(PICTURES, { id: runId, from, to, stride });
  for (const { step, picture } of run?.steps ?? []) putFrame(runId, step, picture.dataUrl ?? picture.url);
}
