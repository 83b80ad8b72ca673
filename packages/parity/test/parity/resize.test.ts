// The bilinear sampling of views against torch's interpolate, forward and backward.
import { sampleViews, viewPositions } from '@tessera/engine';
import { f, Graph, gradients, toOnnx } from '@tessera/graph';
import { openRuntime, tensor } from '@tessera/runtime';
import { expect, it } from 'vitest';
import { GoldenFile, relativeError } from '../../src/index.ts';

it('resizes as align_corners=False without antialiasing, and sends the gradient back', async () => {
  const file = await GoldenFile.open('resize', 'golden.safetensors');
  const image = file.tensor('image');
  const resized = file.tensor('resized');
  const [, , height, width] = image.shape as [number, number, number, number];
  const size = resized.shape[3]!;
  // Our views come from square images; this one is not, so its rows and columns are taken from two calls.
  const whole = (length: number) => viewPositions([], length, size);
  const positions = Float32Array.from([...whole(height).subarray(0, size), ...whole(width).subarray(size)]);
  const graph = new Graph();
  const pixels = graph.input('image', image.shape);
  const sampled = sampleViews(pixels, graph.input('positions', [1, 1, 2, size]));
  const cotangent = graph.input('cotangent', resized.shape);
  const [gradient] = gradients(graph, f.reduceSum(f.mul(sampled, cotangent), [0, 1, 2, 3]), [pixels]);
  await using runtime = await openRuntime({ provider: 'cpu', process: 'inline' });
  await using session = await runtime.load(toOnnx(graph, { sampled, gradient: gradient! }));
  const got = await session.run({
    image: tensor('float32', image.shape, image.data),
    positions: tensor('float32', [1, 1, 2, size], positions),
    cotangent: tensor('float32', resized.shape, file.tensor('cotangent').data),
  });
  expect(relativeError(got.sampled!.data as Float32Array, resized.data)).toBeLessThan(1e-4);
  expect(relativeError(got.gradient!.data as Float32Array, file.tensor('grad_image').data)).toBeLessThan(1e-3);
});
