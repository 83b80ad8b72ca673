// The independent judge of edits: a small convolutional classifier that no optimisation ever sees. Source: training/models/judge.py.
import { join } from 'node:path';
import type { Engine } from '@tessera/engine';
import { f, Graph, type OnnxModel, toOnnx } from '@tessera/graph';
import { openSafetensors, Parameters, type TensorSource } from '@tessera/models';
import { type Tensor, tensor } from '@tessera/runtime';
import * as z from 'zod';
import { argMax, type Verdict } from './metrics.ts';
import { readJson } from './read-json.ts';

const layerSchema = z.object({
  channels: z.int().positive(),
  kernel: z.int().positive(),
  stride: z.int().positive(),
  padding: z.int().min(0),
  activation: z.literal('relu'),
});

const judgeSchema = z.object({
  model_type: z.literal('tessera-judge'),
  image_size: z.int().positive(),
  normalise: z.object({ mean: z.number(), std: z.number().positive() }),
  layers: z.array(layerSchema).min(1),
  pooling: z.literal('mean'),
  /** Attribute -> its classes, in the order of the logits. */
  heads: z.record(z.string(), z.array(z.string().min(1)).min(1)),
});

export type JudgeConfig = z.infer<typeof judgeSchema>;

/** image [batch, 3, S, S] in 0..1 to one output of logits [batch, classes] per attribute. Batch norms are folded into the weights. */
export function buildJudge(config: JudgeConfig, source: TensorSource, batch: number): OnnxModel {
  const graph = new Graph();
  const p = new Parameters(graph, source);
  const { image_size: side, normalise } = config;
  const image = graph.input('image', [batch, 3, side, side]);
  let x = f.div(f.sub(image, normalise.mean), normalise.std);
  config.layers.forEach(({ channels, kernel, stride, padding: pad }, k) => {
    const layer = p.scope('layers').scope(`${k}`);
    const weight = layer.get('weight', [channels, x.shape[1]!, kernel, kernel]);
    const bias = layer.get('bias', [channels]);
    x = f.relu(f.conv(x, weight, { bias, strides: [stride, stride], pads: [pad, pad, pad, pad] }));
  });
  const pooled = f.reduceMean(x, [2, 3]);
  const logits = Object.entries(config.heads).map(([name, { length }]) => {
    const head = p.scope('heads').scope(name);
    const weight = head.get('weight', [length, pooled.shape[1]!]);
    return [name, f.gemm(pooled, weight, { transB: true, c: head.get('bias', [length]) })] as const;
  });
  return toOnnx(graph, Object.fromEntries(logits));
}

export class Judge {
  readonly config: JudgeConfig;
  readonly #source: TensorSource;
  readonly #sha256: string;

  private constructor(config: JudgeConfig, source: TensorSource, sha256: string) {
    this.config = config;
    this.#source = source;
    this.#sha256 = sha256;
  }

  /** @throws BenchmarkFileError, checkpoint errors */
  static async open(folder: string): Promise<Judge> {
    const config = await readJson(join(folder, 'config.json'), judgeSchema);
    const checkpoint = await openSafetensors(join(folder, 'model.safetensors'));
    return new Judge(config, checkpoint, await checkpoint.sha256());
  }

  /** Logits [batch, classes] by attribute, of images [batch, 3, S, S] in 0..1. */
  logits(engine: Engine, images: Float32Array): Promise<Record<string, Tensor>> {
    const side = this.config.image_size;
    const batch = images.length / (3 * side * side);
    return engine.run(`judge ${this.#sha256} ${batch}`, () => buildJudge(this.config, this.#source, batch), {
      image: tensor('float32', [batch, 3, side, side], images),
    });
  }

  /** The most likely class of every attribute, one verdict per image. */
  async verdicts(engine: Engine, images: Float32Array): Promise<Verdict[]> {
    const logits = await this.logits(engine, images);
    const batch = Object.values(logits)[0]!.shape[0]!;
    return Array.from({ length: batch }, (_, b) =>
      Object.fromEntries(
        Object.entries(this.config.heads).map(([name, classes]) => {
          const scores = logits[name]!.data as Float32Array;
          return [name, classes[argMax(scores, b * classes.length, classes.length)]!];
        }),
      ),
    );
  }
}
