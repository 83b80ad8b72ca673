// The scenes as they are and after the tokenizer: PSNR, codebook use, and what each classifier says of both.
import type { LoadedEncoder } from '@tessera/engine';
import { ATTRIBUTES, type Attribute, type Scene } from './benchmark.ts';
import { accuracy, codebookUse, gridExcess, gridSteps, mean, psnr, type Steps } from './metrics.ts';
import type { Bench } from './models.ts';
import { batches, toPixels, toPlanes } from './pictures.ts';
import { codesOf, decoderPatch, reconstruct } from './reconstruction.ts';
import { type Column, classify, classVectors, imageFeatures, readColumns } from './zero-shot.ts';

/** Pictures per graph run: more gains nothing on two cores and takes memory. */
const BATCH = 16;

/** Attribute -> share of scenes whose class is found. */
export type TopOne = Readonly<Record<Attribute, number>>;

/** A classifier on the original scenes and on their reconstructions. */
export interface Recognition {
  readonly originals: TopOne;
  readonly reconstructions: TopOne;
}

export interface ReconstructionFigures {
  /** dB, mean over the scenes of each scene's own. */
  readonly psnr: number;
  /** Visibility of the decoder's patches: 1 is none (metrics.ts). */
  readonly gridExcess: number;
  readonly codebookUse: number;
  /** Scenes that `codebookUse` rests on. */
  readonly codebookImages: number;
}

export interface SceneFigures {
  readonly scenes: number;
  /** Scenes with a light to tell: `light` is scored on landscapes only. */
  readonly lightScenes: number;
  readonly reconstruction?: ReconstructionFigures;
  readonly clip?: Recognition;
  readonly siglip?: Recognition;
  readonly judge?: Recognition;
  /** Reconstructions [S, S, 3], in the order of the scenes. */
  readonly reconstructions: readonly Uint8Array[];
}

type Labels = Readonly<Record<string, string>>;
type Classifier = (images: Float32Array) => Promise<Labels[]>;

export interface SceneQuestions {
  readonly reconstruction: boolean;
  readonly zeroShot: boolean;
  /** Also ask the second scorer and the judge. */
  readonly others: boolean;
}

/** Measures the scenes in one pass. */
export async function measureScenes(bench: Bench, ask: SceneQuestions): Promise<SceneFigures> {
  const { engine, tokenizer, benchmark } = bench;
  const { scenes, tile } = benchmark;
  const named = ask.zeroShot ? await classifiers(bench, ask.others) : {};
  const said = new Map(Object.keys(named).map((name) => [name, { originals: [], reconstructions: [] } as Said]));
  const patch = await decoderPatch(bench.folder);
  const decibels: number[] = [];
  const steps: { readonly originals: Steps[]; readonly again: Steps[] } = { originals: [], again: [] };
  const again: Uint8Array[] = [];
  const codes: number[] = [];
  for (const pictures of batches(benchmark.pictures, BATCH)) {
    const images = toPlanes(pictures, tile);
    const back = await reconstruct(engine, tokenizer, images);
    codes.push(...back.indices);
    const size = 3 * tile * tile;
    pictures.forEach((_, b) => {
      const [original, one] = [images, back.images].map((all) => all.subarray(b * size, (b + 1) * size)) as Pair;
      decibels.push(psnr(original, one));
      steps.originals.push(gridSteps(original, tile, patch));
      steps.again.push(gridSteps(one, tile, patch));
      again.push(toPixels(one, tile));
    });
    for (const [name, classifier] of Object.entries(named)) {
      said.get(name)!.originals.push(...(await classifier(images)));
      said.get(name)!.reconstructions.push(...(await classifier(back.images)));
    }
  }
  if (ask.reconstruction) codes.push(...(await moreCodes(bench)));
  const lit = scenes.map(({ light }) => LANDSCAPE_LIGHTS.has(light));
  const recognised = [...said].map(([name, { originals, reconstructions }]) => [
    name,
    { originals: topOne(originals, scenes, lit), reconstructions: topOne(reconstructions, scenes, lit) },
  ]);
  return {
    scenes: scenes.length,
    lightScenes: lit.filter(Boolean).length,
    reconstructions: again,
    ...Object.fromEntries(recognised),
    ...(ask.reconstruction && {
      reconstruction: {
        psnr: mean(decibels),
        gridExcess: gridExcess(steps.again, steps.originals),
        codebookUse: codebookUse(codes, tokenizer.tokenizer.codebookSize),
        codebookImages: scenes.length + (benchmark.more?.length ?? 0),
      },
    }),
  };
}

type Pair = [Float32Array, Float32Array];

interface Said {
  readonly originals: Labels[];
  readonly reconstructions: Labels[];
}

/** Space and plain colours have lights of their own, which no prompt asks for. */
const LANDSCAPE_LIGHTS: ReadonlySet<string> = new Set(['day', 'sunset', 'night']);

/** The codes of the scenes without labels. */
async function moreCodes({ engine, tokenizer, benchmark }: Bench): Promise<number[]> {
  const codes: number[] = [];
  for (const pictures of batches(benchmark.more ?? [], BATCH)) {
    codes.push(...(await codesOf(engine, tokenizer, toPlanes(pictures, benchmark.tile))));
  }
  return codes;
}

async function classifiers(bench: Bench, others: boolean): Promise<Record<string, Classifier>> {
  const { engine, clip, siglip, judge } = bench;
  const columns = await readColumns(`${bench.folder}/clip`);
  return {
    ...(clip && { clip: await zeroShot(bench, clip, columns) }),
    ...(others && siglip && { siglip: await zeroShot(bench, siglip, columns) }),
    ...(others && judge && { judge: (images: Float32Array) => judge.verdicts(engine, images) }),
  };
}

async function zeroShot(
  { engine, benchmark }: Bench,
  encoder: LoadedEncoder,
  columns: readonly Column[],
): Promise<Classifier> {
  const vectors = new Map<Column, Float32Array[]>();
  for (const column of columns) vectors.set(column, await classVectors(engine, encoder, column));
  return async (images) => {
    const features = await imageFeatures(engine, encoder, images, benchmark.tile);
    return features.map((feature) =>
      Object.fromEntries([...vectors].map(([column, of]) => [column.name, classify(column, of, feature)])),
    );
  };
}

function topOne(answers: readonly Labels[], scenes: readonly Scene[], lit: readonly boolean[]): TopOne {
  const share = (name: Attribute) => {
    const rows = scenes.flatMap((scene, i) => (name !== 'light' || lit[i] ? [[answers[i]![name]!, scene[name]]] : []));
    return accuracy(
      rows.map(([answer]) => answer!),
      rows.map(([, label]) => label!),
    );
  };
  return Object.fromEntries(ATTRIBUTES.map((name) => [name, share(name)])) as Record<Attribute, number>;
}
