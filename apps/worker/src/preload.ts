// Compiles what the first run of a model will use, so that its first frame comes at once.
import { type Engine, PRESETS, parsePlan, Run, stepTogether } from '@tessera/engine';

export interface PreloadedPair {
  readonly tokenizer: string;
  readonly clip: string;
}

/** A step of throw-away runs without crops and with the paper's, an encoded picture, and the feature of a frame. */
export async function preload(engine: Engine, { tokenizer, clip }: PreloadedPair): Promise<void> {
  await step(engine, { tokenizer, clip }, PRESETS.plain);
  await step(engine, { tokenizer, clip }, PRESETS.paper);
  const loaded = await engine.library.tokenizer(tokenizer);
  const side = loaded.tokenizer.imageSize;
  const { tokens } = await engine.encode(loaded, new Float32Array(3 * side * side).fill(0.5));
  await engine.embedFrame(await engine.library.encoder(clip), await engine.decode(loaded, tokens));
}

type Preset = (typeof PRESETS)[keyof typeof PRESETS];

async function step(engine: Engine, { tokenizer, clip }: PreloadedPair, { crops, ...preset }: Preset): Promise<void> {
  const plan = parsePlan({
    ...preset,
    tokenizer,
    objectives: [{ kind: 'clip', model: clip, prompt: 'a picture', crops }],
    start: { kind: 'noise', sigma: 1 },
    seed: 0,
  });
  const run = await Run.open(engine, plan, {});
  const [outcome] = await stepTogether(engine, [run]);
  if (outcome && !outcome.ok) throw outcome.error;
}
