// CLIP and SigLIP against the reference: both towers, the score, and the gradient at the image.
import { f, Graph, gradients, toOnnx } from '@tessera/graph';
import { clip, siglip } from '@tessera/models';
import { openRuntime, type Runtime, type Tensor, tensor } from '@tessera/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GoldenFile, goldenEntries, goldenModel, relativeError } from '../../src/index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', process: 'inline' });
});
afterAll(() => runtime[Symbol.asyncDispose]());

const numbers = (t: Tensor | undefined): number[] => Array.from(t!.data as ArrayLike<number>);

async function encoderOf(name: string) {
  const { model, checkpoint } = await goldenModel(name);
  if (model.kind === 'clip') return clip(model.config, checkpoint);
  if (model.kind === 'siglip') return siglip(model.config, checkpoint);
  throw new TypeError(`${name} is a ${model.kind}.`);
}

describe.each([...goldenEntries('clip').filter((name) => !name.includes('.')), ...goldenEntries('siglip')])(
  '%s',
  (name) => {
    it('gives the features, scores and gradients of the reference', async () => {
      const file = await GoldenFile.open(name, 'golden.safetensors');
      const encoder = await encoderOf(name);
      const image = file.tensor('image_normalised');
      const ids = file.has('text') ? 'text' : 'input_ids';
      const shape = file.tensor(ids).shape;
      const graph = new Graph();
      const pixels = graph.input('image', image.shape);
      const imageFeatures = encoder.encodeNormalisedImage(graph, pixels);
      const textFeatures = encoder.encodeText(graph, graph.input('ids', shape, 'int64'));
      const scores = encoder.score(graph, f.reduceSum(f.mul(imageFeatures, textFeatures), [1]));
      const loss = f.neg(f.reduceSum(scores, [0]));
      const logits = encoder.score(graph, f.gemm(textFeatures, imageFeatures, { transB: true }));
      const [gradient] = gradients(graph, loss, [pixels]);
      await using session = await runtime.load(
        toOnnx(graph, { imageFeatures, textFeatures, loss, logits, gradient: gradient! }),
      );
      const got = await session.run({
        image: tensor('float32', image.shape, image.data),
        ids: tensor('int64', shape, BigInt64Array.from(file.integers(ids), BigInt)),
      });
      expect(relativeError(numbers(got.imageFeatures), file.tensor('image_features').data)).toBeLessThan(1e-4);
      expect(relativeError(numbers(got.textFeatures), file.tensor('text_features').data)).toBeLessThan(1e-4);
      expect(relativeError(numbers(got.gradient), file.tensor('grad_image').data)).toBeLessThan(1e-3);
      if (file.has('loss')) expect(relativeError(numbers(got.loss), file.tensor('loss').data)).toBeLessThan(1e-4);
      if (file.has('logits_text_by_image')) {
        expect(relativeError(numbers(got.logits), file.tensor('logits_text_by_image').data)).toBeLessThan(1e-4);
      }
    });
  },
);
