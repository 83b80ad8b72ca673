// A step of a run: metrics and tokens; its picture is decoded from the tokens when it is asked for.
import { type StepTerm, seqOfStep } from '@tessera/protocol';
import { builder } from '../builder.ts';
import { ROW_COST } from '../cost.ts';
import { FrameFormatEnum } from '../enums.ts';
import { globalId } from '../input-checks.ts';
import { PictureRef } from '../pictures/picture.ts';
import { stepPicture } from './step-picture.ts';
import { finite, type RunStep, viewOf } from './step-view.ts';

export const StepRef = builder.objectRef<RunStep>('Step');

const LossTermRef = builder.objectRef<StepTerm>('LossTerm').implement({
  access: 'held',
  fields: (t) => ({
    kind: t.exposeString('kind'),
    loss: t.float({ nullable: true, resolve: ({ loss }) => finite(loss) }),
    weight: t.exposeFloat('weight'),
    similarity: t.float({ nullable: true, resolve: ({ similarity }) => finite(similarity) }),
    negativeSimilarity: t.float({ nullable: true, resolve: ({ negativeSimilarity }) => finite(negativeSimilarity) }),
  }),
});

StepRef.implement({
  access: 'held',
  fields: (t) => ({
    runId: t.id({ resolve: ({ run }) => globalId('Run', run.id) }),
    seq: t.int({ description: 'Number on the wire: step + 1.', resolve: ({ record }) => seqOfStep(record.step) }),
    step: t.int({ resolve: ({ record }) => record.step }),
    loss: t.float({
      nullable: true,
      description: 'Null when the step was skipped.',
      resolve: ({ record }) => finite(record.loss),
    }),
    regularisation: t.float({ resolve: ({ record }) => finite(record.regularisation) ?? 0 }),
    terms: t.field({
      type: [LossTermRef],
      complexity: { field: 1, multiplier: 2 },
      resolve: ({ record }) => [...record.terms],
    }),
    gradientNorms: t.floatList({ complexity: 1, resolve: ({ record }) => viewOf(record).gradientNorms }),
    tokens: t.intList({
      nullable: true,
      description: 'Codebook indices; null for vectors.',
      complexity: 1,
      resolve: ({ record }) => viewOf(record).tokens,
    }),
    vectors: t.floatList({ nullable: true, complexity: 1, resolve: ({ record }) => viewOf(record).vectors }),
    changed: t.intList({ complexity: 1, resolve: ({ record }) => record.changed }),
    score: t.float({ nullable: true, resolve: ({ record }) => finite(record.score) }),
    skipped: t.boolean({ resolve: ({ record }) => record.skipped }),
    steering: t.field({ type: ['JSON'], complexity: 1, resolve: ({ record }) => [...record.steering] }),
    picture: t.field({
      type: PictureRef,
      complexity: ROW_COST,
      args: { size: t.arg.int(), format: t.arg({ type: FrameFormatEnum }) },
      resolve: ({ run, record }, args, { limits }) => stepPicture(run, record.step, args, limits.frameSize),
    }),
  }),
});
