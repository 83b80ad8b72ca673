// What a run looks like: its pictures, what other tokens would do, and downloads of it.

import { readStep } from '@tessera/db';
import type { Perturbation } from '@tessera/wire';
import { builder } from '../builder.ts';
import { COMPUTE_COST, ROW_COST } from '../cost.ts';
import { FrameFormatEnum } from '../enums.ts';
import { BadInputError } from '../errors.ts';
import { checkNumber, checkWhole } from '../input-checks.ts';
import { PictureRef, type PictureSource, pictureSize } from '../pictures/picture.ts';
import { RunRef } from '../refs.ts';
import { PerturbationOrderEnum } from './enums.ts';
import { exportFilename, RUN_EXPORTS, type RunExport } from './exports/formats.ts';
import { planOf } from './run-config.ts';
import { stepPicture } from './step-picture.ts';

interface PicturedPerturbation extends Pick<Perturbation, 'token' | 'change'> {
  readonly picture: PictureSource;
}

const PerturbationRef = builder.objectRef<PicturedPerturbation>('Perturbation').implement({
  access: 'held',
  fields: (t) => ({
    token: t.exposeInt('token'),
    change: t.exposeFloat('change'),
    picture: t.field({ type: PictureRef, complexity: ROW_COST, resolve: ({ picture }) => picture }),
  }),
});

const RunExportEnum = builder.enumType('RunExport', {
  values: Object.fromEntries(
    (Object.keys(RUN_EXPORTS) as RunExport[]).map((format) => [format, { value: format }]),
  ) as Record<string, { readonly value: RunExport }>,
});

interface Download {
  readonly url: string;
  readonly filename: string;
  readonly contentType: string;
}

const DownloadRef = builder.objectRef<Download>('Download').implement({
  access: 'held',
  fields: (t) => ({
    url: t.exposeString('url'),
    filename: t.exposeString('filename'),
    contentType: t.exposeString('contentType'),
  }),
});

/** Other tokens shown at once. */
const MAX_PERTURBATIONS = 64;
const PERTURBATIONS = 12;
/** How long a download's address is good for, s. */
const DOWNLOAD_SECONDS = 600;

builder.objectFields(RunRef, (t) => ({
  picture: t.field({
    type: PictureRef,
    nullable: true,
    description: 'The picture after a step (the newest by default), decoded from its tokens.',
    complexity: ROW_COST,
    args: { step: t.arg.int(), size: t.arg.int(), format: t.arg({ type: FrameFormatEnum }) },
    resolve: (run, { step, ...args }, { limits }) => {
      const at = step ?? run.nextStep - 1;
      return at >= run.firstStep && at < run.nextStep ? stepPicture(run, at, args, limits.frameSize) : null;
    },
  }),
  perturbations: t.field({
    type: [PerturbationRef],
    description: 'What other tokens at a position would do.',
    complexity: ({ count }) => ({ field: 2 * COMPUTE_COST, multiplier: count ?? PERTURBATIONS }),
    args: {
      step: t.arg.int({ required: true }),
      position: t.arg.int({ required: true }),
      count: t.arg.int(),
      order: t.arg({ type: PerturbationOrderEnum }),
      size: t.arg.int(),
    },
    resolve: async (run, { step, position, count, order, size }, { database, compute, limits }) => {
      const { tokens } = await readStep(database, run.workspaceId, run.id, checkWhole('step', step, 0, 2 ** 31 - 1));
      if (tokens.kind !== 'indices')
        throw new BadInputError('runId', 'has a tokenizer without codebook; only indices can be exchanged.');
      checkWhole('position', position, 0, tokens.data.length - 1);
      const text = planOf(run).objectives.find((objective) => 'prompt' in objective);
      if (order === 'text' && !text) throw new BadInputError('order', 'is TEXT, but the run has no prompt.');
      const found = await compute.perturb({ tokenizer: run.tokenizer, tokens }, position, {
        count: checkWhole('count', count ?? PERTURBATIONS, 1, MAX_PERTURBATIONS),
        order: order ?? 'largest',
        ...(order === 'text' && text && { model: text.model, prompt: text.prompt }),
      });
      const shown = pictureSize(size, limits.frameSize);
      return found.map(({ token, change }) => {
        const indices = Array.from(tokens.data);
        indices[position] = token;
        const subject = { kind: 'tokens-picture', tokenizer: run.tokenizer, indices, ...shown } as const;
        return { token, change, picture: { subject } };
      });
    },
  }),
  export: t.field({
    type: DownloadRef,
    nullable: true,
    description: 'Download address, good for ten minutes; null while there is no step.',
    complexity: ROW_COST,
    args: {
      format: t.arg({ type: RunExportEnum, required: true }),
      step: t.arg.int(),
      size: t.arg.int(),
      fps: t.arg.float(),
      stride: t.arg.int(),
    },
    resolve: async (run, { format, step, size, fps, stride }, { tickets, limits }) => {
      if (run.nextStep === 0) return null;
      const given = {
        ...(step != null && { step: checkWhole('step', step, run.firstStep, run.nextStep - 1) }),
        ...pictureSize(size, limits.frameSize),
        ...(fps != null && { fps: checkNumber('fps', fps, 0.1, format === 'GIF' ? 50 : 60) }),
        ...(stride != null && { stride: checkWhole('stride', stride, 1, 2 ** 31 - 1) }),
      };
      const { contentType, options } = RUN_EXPORTS[format];
      const meant = Object.fromEntries(
        Object.entries(given).filter(([name]) => options.some((option) => option === name)),
      );
      const ticket = await tickets.sign(
        { kind: 'run-export', workspaceId: run.workspaceId, runId: run.id, format, ...meant },
        DOWNLOAD_SECONDS,
      );
      const at = options.some((option) => option === 'step') ? (step ?? run.nextStep - 1) : undefined;
      return { url: `/exports/${ticket}`, filename: exportFilename(run, format, at), contentType };
    },
  }),
}));
