// TiTok and MaskGIT-VQGAN against the reference: encoder, quantiser, decoder, and the gradient through all of it.
import { f, Graph, gradients, toOnnx, type Value } from '@tessera/graph';
import { maskgitVqgan, type Tokenizer, titok } from '@tessera/models';
import { openRuntime, type Runtime, type Tensor, tensor } from '@tessera/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GoldenFile,
  type GoldenTensor,
  goldenEntries,
  goldenModel,
  relativeError,
  tokensFirst,
} from '../../src/index.ts';

/** Expected agreement of a float32 engine, from the golden files' README. */
const VALUE = 1e-4;
const GRADIENT = 1e-3;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', process: 'inline' });
});
afterAll(() => runtime[Symbol.asyncDispose]());

const feed = ({ shape, data }: GoldenTensor): Tensor => tensor('float32', shape, data);

/** The 2D tokenizer's golden latents [B, C, h, w] in TiTok's layout [B, C, 1, tokens]. */
function flat({ shape, data }: GoldenTensor): GoldenTensor {
  const [batch, channels, ...rest] = shape as [number, number, ...number[]];
  return { shape: [batch, channels, 1, rest.reduce((a, b) => a * b, 1)], data };
}

async function tokenizerOf(name: string): Promise<Tokenizer> {
  const { model, checkpoint } = await goldenModel(name);
  if (model.kind === 'titok') return titok(model.config, checkpoint);
  if (model.kind === 'maskgit-vqgan') return maskgitVqgan(model.config, checkpoint);
  throw new TypeError(`${name} is a ${model.kind}.`);
}

async function evaluate(tokenizer: Tokenizer, file: GoldenFile, latents: GoldenTensor) {
  const image = file.tensor('image');
  const graph = new Graph();
  const pixels = graph.input('image', image.shape);
  const z = graph.input('z', latents.shape);
  const cotangent = graph.input('cotangent', image.shape);
  const { vectors, indices } = tokenizer.quantise(graph, z);
  const decoded = tokenizer.decode(graph, vectors);
  const loss = f.reduceSum(f.mul(decoded, cotangent), [0, 1, 2, 3]);
  const [gradient] = gradients(graph, loss, [z]);
  const outputs: Record<string, Value> = {
    latents: tokenizer.encode(graph, pixels),
    vectors,
    decoded,
    gradient: gradient!,
  };
  if (indices) {
    outputs.indices = indices;
    outputs.lookup = tokenizer.lookup(graph, indices);
  }
  await using session = await runtime.load(toOnnx(graph, outputs));
  return session.run({ image: feed(image), z: feed(latents), cotangent: feed(file.tensor('cotangent')) });
}

const numbers = (t: Tensor | undefined): number[] => Array.from(t!.data as ArrayLike<number | bigint>, Number);

describe.each([...goldenEntries('titok'), ...goldenEntries('maskgit')])('%s', (name) => {
  it('encodes, quantises, decodes and differentiates as the reference does', async () => {
    const file = await GoldenFile.open(name, 'golden.safetensors');
    const [latentName, gradientName] = file.has('z') ? ['z', 'grad_z'] : ['hidden', 'grad_hidden'];
    const latents = tokensFirst(flat(file.tensor(latentName!)));
    const got = await evaluate(await tokenizerOf(name), file, latents);
    expect(relativeError(numbers(got.latents), latents.data)).toBeLessThan(VALUE);
    expect(relativeError(numbers(got.decoded), file.tensor('decoded').data)).toBeLessThan(VALUE);
    expect(relativeError(numbers(got.gradient), tokensFirst(flat(file.tensor(gradientName!))).data)).toBeLessThan(
      GRADIENT,
    );
    const vectors = tokensFirst(flat(file.tensor(file.has('mean') ? 'mean' : 'quantized')));
    expect(relativeError(numbers(got.vectors), vectors.data)).toBeLessThan(VALUE);
    if (file.has('indices')) {
      expect(numbers(got.indices)).toEqual(Array.from(file.integers('indices')));
      expect(relativeError(numbers(got.lookup), vectors.data)).toBeLessThan(VALUE);
    }
  });
});
