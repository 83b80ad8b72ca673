// Runs for tests, started as a client does.
import { expect } from 'vitest';
import type { Viewer } from '../../../src/index.ts';
import { globalId } from '../../../src/input-checks.ts';
import type { Studio } from '../../support/studio.ts';

export const PLAN = { objectives: [{ kind: 'CLIP', prompt: 'a red fox' }], iterations: 20 };

/** The global id of a new run. */
export async function startRun(
  studio: Studio,
  viewer: Viewer,
  workspaceId: string,
  more: object = {},
): Promise<string> {
  const input = { workspaceId: globalId('Workspace', workspaceId), plan: PLAN, ...more };
  const { run, problem } = await studio.change(viewer, 'startRun', input, 'run { id }');
  expect(problem).toBeNull();
  return run.id;
}

export const RUN_STEPS = `subscription ($runId: ID!, $after: Int, $maxFps: Float, $frame: FrameInput) {
  runSteps(runId: $runId, after: $after, maxFps: $maxFps, frame: $frame) {
    __typename seq
    ... on StepEvent { step { step loss tokens changed } }
    ... on FrameEvent { step size format dataUrl sha256 }
    ... on StatusEvent { status error { code message } run { stepCount } }
    ... on GapEvent { from to }
  }
}`;

export interface Event {
  readonly __typename: string;
  readonly seq: number;
  readonly from?: number;
  readonly to?: number;
  readonly status?: string;
  readonly size?: number;
  readonly format?: string;
  readonly dataUrl?: string;
  readonly sha256?: string;
  readonly step?: { readonly step: number; readonly tokens: readonly number[] } & number;
}

/** Events until the feed ends or `until` says so; then it leaves. */
export async function collect(
  studio: Studio,
  viewer: Viewer,
  variables: object,
  until: (event: Event, all: readonly Event[]) => boolean = () => false,
): Promise<Event[]> {
  const events: Event[] = [];
  const feed = await studio.subscribe(viewer, RUN_STEPS, { ...variables });
  for await (const { data, errors } of feed) {
    if (errors?.length) throw new Error(JSON.stringify(errors));
    events.push(data.runSteps);
    if (until(data.runSteps, events)) break;
  }
  return events;
}
