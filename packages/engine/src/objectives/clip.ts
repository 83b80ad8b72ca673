// CLIP similarity to a prompt, away from a negative prompt: loss = -s(prompt) + (cfg - 1) s(negative).
// The loss is linear in the text features, so one fed direction serves both and prompts change without a new graph.
import { f } from '@tessera/graph';
import type { Objective } from './objective.ts';
import { along, requireEncoder, viewFeatures, viewFeed } from './similarity.ts';

export const clipObjective: Objective<'clip'> = {
  kind: 'clip',
  needsTarget: false,
  model: (spec) => spec.model,
  graphKey: (spec) => `clip ${spec.model} ${spec.crops.count}`,
  build(context) {
    const features = viewFeatures(context);
    const direction = context.input('direction', [features.shape[1]!]);
    return { loss: f.neg(along(features, direction)), features };
  },
  async prepare(spec, { encoder, embedText }) {
    const model = requireEncoder(encoder);
    const positive = await embedText(model, spec.prompt);
    const negative = spec.negativePrompt === null ? undefined : await embedText(model, spec.negativePrompt);
    return { positive, negative };
  },
  feeds(spec, prepared, at) {
    const { positive, negative } = prepared!;
    const pull = spec.cfg - 1;
    const data = positive.map((x, i) => x - (negative ? pull * negative[i]! : 0));
    return { views: viewFeed(spec.crops, at), direction: { shape: [data.length], data } };
  },
};
