// Zero-shot classification by an image-text model: class prompts to class vectors, pictures to features. Source: training/contrast.py.
import { join } from 'node:path';
import type { Engine, LoadedEncoder } from '@tessera/engine';
import { sampleViews, viewPositions } from '@tessera/engine';
import { Graph, type OnnxModel, toOnnx } from '@tessera/graph';
import { tensor } from '@tessera/runtime';
import * as z from 'zod';
import { BenchmarkFileError } from './errors.ts';
import { argMax } from './metrics.ts';
import { readJson } from './read-json.ts';

const texts = z.array(z.string().min(1)).min(1);
const captionsSchema = z.object({
  subjects: z.array(z.object({ names: texts })).min(1),
  places: z.record(z.string(), texts),
  times: z.record(z.string(), texts),
  zeroShot: z.object({ subject: z.array(texts), background: z.array(texts), light: z.array(texts) }),
});

/** One attribute to classify: its classes in words, and the prompts that stand for each. */
export interface Column {
  readonly name: 'subject' | 'background' | 'light';
  readonly classes: readonly { readonly label: string; readonly prompts: readonly string[] }[];
}

/** Reads the class prompts of `captions.json` in CLIP's folder. @throws BenchmarkFileError */
export async function readColumns(folder: string): Promise<Column[]> {
  const file = join(folder, 'captions.json');
  const { subjects, places, times, zeroShot } = await readJson(file, captionsSchema);
  const labels = {
    subject: subjects.map(({ names }) => names[0]!),
    // Plain colours are one background, the last.
    background: [...Object.keys(places), 'plain'],
    light: Object.keys(times),
  };
  return (['subject', 'background', 'light'] as const).map((name) => {
    const groups = zeroShot[name];
    if (groups.length !== labels[name].length) {
      throw new BenchmarkFileError(
        file,
        `zeroShot.${name} has prompts for ${groups.length} classes of ${labels[name].length}`,
      );
    }
    return { name, classes: groups.map((prompts, i) => ({ label: labels[name][i]!, prompts })) };
  });
}

/** A class's vector is the mean of its prompts' unit features, made a unit vector again. [classes][embedDim] */
export async function classVectors(engine: Engine, encoder: LoadedEncoder, column: Column): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const { prompts } of column.classes) {
    const sum = new Float32Array(encoder.encoder.embedDim);
    for (const prompt of prompts) {
      (await engine.embedText(encoder, prompt)).forEach((x, i) => {
        sum[i]! += x;
      });
    }
    const norm = Math.hypot(...sum);
    vectors.push(sum.map((x) => x / norm));
  }
  return vectors;
}

/** image [batch, 3, S, S] in 0..1, its centre as large as the encoder looks at, to unit features [batch, embedDim]. */
function buildFeatures({ encoder }: LoadedEncoder, batch: number, side: number): OnnxModel {
  const graph = new Graph();
  const image = graph.input('image', [batch, 3, side, side]);
  const size = encoder.imageSize;
  const start = Math.max(0, Math.floor((side - size) / 2));
  const one = viewPositions([{ top: start, left: start, flip: false }], Math.min(side, size), size);
  const positions = graph.constant(Array.from({ length: batch }, () => Array.from(one)).flat(), [batch, 1, 2, size]);
  return toOnnx(graph, { features: encoder.encodeImage(graph, sampleViews(image, positions)) });
}

/** Unit features of images [batch, 3, S, S] in 0..1, one array each. */
export async function imageFeatures(
  engine: Engine,
  encoder: LoadedEncoder,
  images: Float32Array,
  side: number,
): Promise<Float32Array[]> {
  const batch = images.length / (3 * side * side);
  const key = `centre features ${encoder.sha256} ${batch} ${side}`;
  const { features } = await engine.run(key, () => buildFeatures(encoder, batch, side), {
    image: tensor('float32', [batch, 3, side, side], images),
  });
  const width = encoder.encoder.embedDim;
  const all = features!.data as Float32Array;
  return Array.from({ length: batch }, (_, b) => all.slice(b * width, (b + 1) * width));
}

/** The class whose vector is nearest, in words. */
export function classify(column: Column, vectors: readonly Float32Array[], feature: Float32Array): string {
  const scores = Float32Array.from(vectors, (v) => v.reduce((sum, x, i) => sum + x * feature[i]!, 0));
  return column.classes[argMax(scores, 0, scores.length)]!.label;
}
