// runSteps: everything that happens in a run, from any step on.
import type { Database, Run } from '@tessera/db';
import { topics } from '@tessera/wire';
import { requireRight } from '../../access.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { ROW_COST } from '../../cost.ts';
import { FrameFormatEnum } from '../../enums.ts';
import { problemOf } from '../../errors.ts';
import { checkNumber, checkWhole, idOf } from '../../input-checks.ts';
import { pictureSize } from '../../pictures/picture.ts';
import { guarded } from '../../subscription.ts';
import { type FrameWanted, frameOfPicture, type LiveFrame } from '../feed/frames.ts';
import { Replay } from '../feed/replay.ts';
import { type RunFeedEvent, type RunFeedOptions, runFeed } from '../feed/run-feed.ts';
import { RunWatch } from '../feed/run-watch.ts';
import { visibleRun } from '../run-rows.ts';
import { runScope } from '../run-type.ts';
import { stepPicture } from '../step-picture.ts';
import { RunEventRef } from './run-event-types.ts';

const FrameInput = builder.inputType('FrameInput', {
  fields: (t) => ({
    size: t.int({ description: "Side in px; the tokenizer's own by default." }),
    format: t.field({ type: FrameFormatEnum }),
    every: t.int({ description: 'Only every so many steps; 1 by default.' }),
  }),
});

interface StepsArgs {
  readonly runId: string;
  readonly after?: number | null | undefined;
  readonly maxFps?: number | null | undefined;
  readonly frame?: typeof FrameInput.$inferInput | null | undefined;
}

/** What the subscribers of a process share. */
const shared = new WeakMap<Database, { readonly replay: Replay; readonly watch: RunWatch }>();

function sharedOf(database: Database) {
  const known = shared.get(database) ?? { replay: new Replay(database), watch: new RunWatch(database) };
  shared.set(database, known);
  return known;
}

async function subscribe(ctx: Context, args: StepsArgs): Promise<AsyncIterableIterator<RunFeedEvent>> {
  const run = await visibleRun(ctx, idOf('Run', args.runId, 'runId'), 'runId');
  const after = checkWhole('after', args.after ?? 0, 0, 2 ** 31 - 1);
  const frames = framesOf(args, ctx);
  const feed = runFeed({
    run,
    after,
    ...(frames && { frames }),
    subscription: ctx.bus.live.subscribe(topics.run(run.id)),
    ...sharedOf(ctx.database),
    replaySize: { steps: ctx.limits.replaySteps, numbersPerStep: run.positions * Math.max(1, run.channels) },
    render: (of, step, wanted) => render(ctx, of, step, wanted),
  });
  return guarded(ctx, feed, () => requireRight(ctx, 'view', runScope(run), 'run'));
}

/** @throws BadInputError */
function framesOf({ frame, maxFps }: StepsArgs, { limits }: Context): RunFeedOptions['frames'] {
  const fps = checkNumber('maxFps', maxFps ?? limits.defaultFps, 0, limits.maxFps);
  if (!frame || fps === 0) return undefined;
  return {
    maxFps: fps,
    every: checkWhole('frame.every', frame.every ?? 1, 1, 2 ** 31 - 1),
    ...pictureSize(frame.size, limits.frameSize),
    ...(frame.format && { format: frame.format }),
  };
}

/** A picture that nobody can decode now is left out: steps and status matter more. */
async function render(ctx: Context, run: Run, step: number, wanted: FrameWanted): Promise<LiveFrame | undefined> {
  const { subject } = stepPicture(run, step, wanted, ctx.limits.frameSize);
  try {
    return frameOfPicture(await ctx.pictures.render(subject), wanted.format ?? 'webp');
  } catch (error) {
    if (!problemOf(error)) throw error;
    return undefined;
  }
}

builder.subscriptionField('runSteps', (t) =>
  t.field({
    type: RunEventRef,
    access: { checked: 'view' },
    description:
      "Every step's metrics and tokens after `after` (0: from the first), then live; with `frame`, the newest pictures that the link takes, at most `maxFps` a second. Ends after the status that ends the run.",
    complexity: ROW_COST,
    args: {
      runId: t.arg.id({ required: true }),
      after: t.arg.int({ description: 'seq of the last step that you have.' }),
      maxFps: t.arg.float(),
      frame: t.arg({ type: FrameInput, description: 'Absent: no pictures.' }),
    },
    subscribe: (_root, args, ctx) => subscribe(ctx, args),
    resolve: (event) => event,
  }),
);
