// SigLIP's scaled logit for a prompt: loss = -(exp(scale) s(prompt) + bias).
import { f } from '@tessera/graph';
import type { Objective } from './objective.ts';
import { along, requireEncoder, viewFeatures, viewFeed } from './similarity.ts';

export const siglipObjective: Objective<'siglip'> = {
  kind: 'siglip',
  needsTarget: false,
  model: (spec) => spec.model,
  graphKey: (spec) => `siglip ${spec.model} ${spec.crops.count}`,
  build(context) {
    const features = viewFeatures(context);
    const direction = context.input('direction', [features.shape[1]!]);
    const score = requireEncoder(context.encoder).encoder.score(context.graph, along(features, direction));
    return { loss: f.neg(score), features };
  },
  async prepare(spec, { encoder, embedText }) {
    return { positive: await embedText(requireEncoder(encoder), spec.prompt), negative: undefined };
  },
  feeds: (spec, prepared, at) => ({
    views: viewFeed(spec.crops, at),
    direction: { shape: [prepared!.positive.length], data: prepared!.positive },
  }),
};
