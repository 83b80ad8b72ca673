// A recorded run of the reference implementation as a plan and its random draws.
import { type Draws, parsePlan, type RunPlan } from '@tessera/engine';
import type { GoldenFile } from './golden.ts';
import { tokensFirst } from './golden.ts';

export interface Trajectory {
  readonly plan: RunPlan;
  readonly draws: Draws;
  readonly steps: number;
  /** Which golden tokenizer it ran on. */
  readonly model: string;
  readonly inpainting: boolean;
}

/** Ids of the recorded prompts stand for them in the plan: the golden text tokenizer knows only these two. */
export const PROMPT = 'the recorded prompt';
export const NEGATIVE_PROMPT = 'the recorded negative prompt';

export function readTrajectory(name: string, file: GoldenFile): Trajectory {
  const meta = (key: string, fallback: string) => file.metadata.get(key) ?? fallback;
  const iterations = Number(meta('iters', '0'));
  const noise = meta('token_noise', 'None');
  const inpainting = file.has('mask');
  const model = name.includes('vae') ? 'titok-vae-pixel' : name.includes('vqgan') ? 'titok-vq-vqgan' : 'titok-vq-pixel';
  const crops = file.has('crops_top_left_flip') ? file.tensor('crops_top_left_flip').shape[1]! : 0;
  const clip = {
    kind: 'clip',
    model: 'clip-gelu',
    prompt: PROMPT,
    negativePrompt: file.has('negative_prompt') ? NEGATIVE_PROMPT : null,
    cfg: Number(meta('cfg_scale', '1')),
    crops: { count: crops, fraction: 0.875, flip: 0.5 },
  };
  const plan = parsePlan({
    tokenizer: model,
    objectives: [inpainting ? { kind: 'l1' } : clip],
    iterations,
    learningRate: Number(meta('lr', '0.1')),
    start: { kind: 'seed' },
    quantisation: meta('optimize_post_quantization_tokens', 'False') === 'True' ? 'before' : 'straight-through',
    noise: noise === 'None' ? 0 : Number(noise),
    regularisation: regularisation(meta('reg', 'None')),
    ema: Number(meta('ema_decay', '0')),
    resetEvery: Number(meta('reset_every', '0')),
    seed: 0,
  });
  return { plan, draws: recordedDraws(file), steps: iterations, model, inpainting };
}

/** "('zero', 0.02)" or "None". */
function regularisation(text: string): { weight: number; towards: string } {
  const found = /\('(\w+)', ([\d.e-]+)\)/.exec(text);
  return found ? { towards: found[1]!, weight: Number(found[2]) } : { towards: 'zero', weight: 0 };
}

function recordedDraws(file: GoldenFile): Draws {
  return {
    noise(step, count) {
      const { shape, data } = file.tensor('noise');
      const one = { shape: shape.slice(1), data: data.subarray(step * count, (step + 1) * count) };
      return tokensFirst(one).data;
    },
    epsilon() {
      throw new Error('No golden run samples a VAE.');
    },
    crops(step) {
      const { shape } = file.tensor('crops_top_left_flip');
      const data = file.integers('crops_top_left_flip');
      const [, count] = shape as [number, number, number];
      return Array.from({ length: count }, (_, k) => {
        const at = (step * count + k) * 3;
        return { top: data[at]!, left: data[at + 1]!, flip: data[at + 2] === 1 };
      });
    },
  };
}
