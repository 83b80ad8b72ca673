// Computes a run again from its manifest, byte for byte on the same device.
import { basename, extname } from 'node:path';
import { startOf, targetHash } from '@tessera/engine';
import type { ReplayFlags } from '../commands/replay.ts';
import { CliError, InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { againWith } from '../output/again.ts';
import { outputPaths } from '../output/paths.ts';
import { reporter } from '../output/report.ts';
import { shellWord } from '../output/words.ts';
import { openEngine, openLibrary } from '../run/engine.ts';
import { execute } from '../run/execute.ts';
import { type RunRecord, readRecord } from '../run/record.ts';
import { readMasked, readWhole } from '../run/seed.ts';

export async function replay(file: string, flags: ReplayFlags): Promise<ExitCode> {
  const report = reporter(flags);
  const paths = outputPaths(flags, `${basename(file, extname(file))}-replay`);
  const record = await readRecord(file);
  const { plan, geometry, outcome } = record;
  const library = openLibrary();
  const tokenizer = await library.tokenizer(plan.tokenizer);
  checkModel(record.tokenizer, tokenizer);
  for (const objective of plan.objectives) {
    if (!('model' in objective)) continue;
    const known = record.encoders.find(({ id }) => id === objective.model);
    if (known) checkModel(known, await library.encoder(objective.model));
  }
  const { tokens, channels, latentChannels } = tokenizer.tokenizer;
  const latents = startOf(record, tokens * (plan.quantisation === 'before' ? channels : latentChannels));
  const target = await targetOf(record, flags, tokenizer.tokenizer.imageSize);
  report.doing('starting the engine ...');
  await using engine = await openEngine(flags, library);
  if (engine.runtime.provider !== record.engine.provider) {
    report.note(`The run was made on ${record.engine.provider}, this is ${engine.runtime.provider}: bytes may differ.`);
  }
  const stopAt = outcome.status === 'cancelled' ? { stopAt: outcome.steps } : {};
  const options = {
    latents,
    ...(target && { target }),
    ...stopAt,
    ...(flags.checkpointEvery !== undefined && { checkpointEvery: flags.checkpointEvery }),
  };
  return await execute(engine, { plan, tokenizer, geometry, paths, options, again: againOf(record, flags) }, report);
}

/** The command that goes on from a checkpoint of a replay that was stopped. */
function againOf({ target, geometry }: RunRecord, { image, mask }: ReplayFlags): string {
  return target === null ? 'tessera run' : againWith('tessera run', { image, mask, ...geometry });
}

function checkModel(recorded: { id: string; sha256: string }, here: { id: string; sha256: string }): void {
  if (recorded.sha256 === here.sha256) return;
  throw new CliError(
    EXIT.model,
    `${recorded.id}: the run used other weights (${recorded.sha256.slice(0, 12)}… there, ${here.sha256.slice(0, 12)}… here): get that version to replay it`,
  );
}

/** The reference image and mask, which must be those of the run. */
async function targetOf(record: RunRecord, { image, mask }: ReplayFlags, side: number) {
  if (record.target === null) return undefined;
  if (image === undefined) {
    throw new UsageError('this run compared with an image that its manifest does not hold: give --image and --mask');
  }
  const { fit, feather = 0 } = record.geometry;
  const target =
    mask === undefined
      ? await readWhole(image, side, fit)
      : await readMasked(image, mask, side, { fit, feather, fill: 'keep' });
  if (targetHash(target) !== record.target) {
    const masked = mask === undefined ? 'without a mask' : `with the mask ${shellWord(mask)}`;
    throw new InputError(image, `this image ${masked} is not what the run compared with`);
  }
  return { image: target.image, mask: target.mask };
}
