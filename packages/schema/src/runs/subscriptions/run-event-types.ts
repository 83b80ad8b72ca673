// The events of a run as they are answered.
import { builder } from '../../builder.ts';
import { ROW_COST } from '../../cost.ts';
import { FrameFormatEnum, RunStatusEnum } from '../../enums.ts';
import { globalId } from '../../input-checks.ts';
import { RunRef } from '../../refs.ts';
import type { RunFeedEvent } from '../feed/run-feed.ts';
import { RunFailureRef } from '../run-type.ts';
import { StepRef } from '../step-type.ts';

type Of<T extends RunFeedEvent['type']> = Extract<RunFeedEvent, { readonly type: T }>;

const TYPE_NAMES = { step: 'StepEvent', frame: 'FrameEvent', status: 'StatusEvent', gap: 'GapEvent' } as const;

export const RunEventRef = builder.interfaceRef<RunFeedEvent>('RunEvent').implement({
  access: 'held',
  resolveType: ({ type }) => TYPE_NAMES[type],
  fields: (t) => ({
    runId: t.id({ resolve: ({ run }) => globalId('Run', run.id) }),
    seq: t.exposeInt('seq', { description: 'seq of the step (or of the last step before it).' }),
  }),
});

builder.objectRef<Of<'step'>>('StepEvent').implement({
  access: 'held',
  interfaces: [RunEventRef],
  fields: (t) => ({ step: t.field({ type: StepRef, complexity: ROW_COST, resolve: (event) => event }) }),
});

builder.objectRef<Of<'frame'>>('FrameEvent').implement({
  access: 'held',
  description: 'The newest picture; older ones may have been left out.',
  interfaces: [RunEventRef],
  fields: (t) => ({
    step: t.int({ resolve: ({ seq }) => seq - 1 }),
    size: t.int({ resolve: ({ frame }) => frame.size }),
    format: t.field({ type: FrameFormatEnum, resolve: ({ frame }) => frame.format }),
    dataUrl: t.string({ resolve: ({ frame }) => frame.dataUrl }),
    sha256: t.string({ resolve: ({ frame }) => frame.sha256 }),
  }),
});

builder.objectRef<Of<'status'>>('StatusEvent').implement({
  access: 'held',
  interfaces: [RunEventRef],
  fields: (t) => ({
    status: t.expose('status', { type: RunStatusEnum }),
    error: t.expose('error', { type: RunFailureRef, nullable: true, complexity: 1 }),
    run: t.field({ type: RunRef, complexity: ROW_COST, resolve: ({ run }) => run }),
  }),
});

builder.objectRef<Of<'gap'>>('GapEvent').implement({
  access: 'held',
  description: 'Steps `from` to `to` (seq, both included) can no longer be replayed.',
  interfaces: [RunEventRef],
  fields: (t) => ({ from: t.exposeInt('from'), to: t.exposeInt('to') }),
});
