// An engine for tests of the schema: pictures are a grid of colours, so that decoding and encoding undo each other.
import { createHash } from 'node:crypto';
import { encodeFrame, readImage } from '@tessera/media';
import type { TokenData } from '@tessera/protocol';
import type { Compute, ModelSummary, Picture, PictureOptions } from '@tessera/wire';

const GRID = 4;
const SIDE = 32;
/** Two bits each of red, green and blue. */
const CODEBOOK = 64;

export const TOY = {
  tokenizer: 'toy',
  vectors: 'toy-vae',
  clip: 'toy-clip',
  siglip: 'toy-siglip',
  positions: GRID * GRID,
};

class ToyComputeError extends Error {
  readonly code: 'NOT_FOUND' | 'BAD_INPUT' | 'UNAVAILABLE';
  constructor(code: 'NOT_FOUND' | 'BAD_INPUT' | 'UNAVAILABLE', message: string) {
    super(message);
    this.name = 'ComputeError';
    this.code = code;
  }
}

const model = (id: string, kind: ModelSummary['kind'], more: Partial<ModelSummary> = {}): ModelSummary => ({
  id,
  name: id,
  kind,
  family: 'toy',
  licence: 'MIT',
  bytes: 0,
  embedded: true,
  installed: true,
  imageSize: SIDE,
  sha256: createHash('sha256').update(id).digest('hex'),
  ...more,
});

const MODELS: readonly ModelSummary[] = [
  model(TOY.tokenizer, 'tokenizer', { positions: TOY.positions, codebookSize: CODEBOOK, channels: 3 }),
  model(TOY.vectors, 'tokenizer', { positions: TOY.positions, codebookSize: 0, channels: 3 }),
  model(TOY.clip, 'encoder'),
  model(TOY.siglip, 'encoder'),
  model('toy-absent', 'tokenizer', { positions: 8, codebookSize: 16, installed: false }),
];

const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [1, 0, 0],
  green: [0, 1, 0],
  blue: [0, 0, 1],
};

export class ToyCompute implements Compute {
  /** Calls by method, for tests of caches. */
  readonly calls: Record<string, number> = {};
  /** Set it, and every call fails as if no worker were there. */
  away = false;

  #called(name: string): void {
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    if (this.away) throw new ToyComputeError('UNAVAILABLE', 'No worker answered in time; try again.');
  }

  async models(): Promise<readonly ModelSummary[]> {
    this.#called('models');
    return MODELS;
  }

  async decode(tokenizer: string, tokens: readonly TokenData[], options: PictureOptions = {}): Promise<Picture[]> {
    this.#called('decode');
    known(tokenizer, 'tokenizer');
    return Promise.all(tokens.map(({ data }) => picture(data, options)));
  }

  async encode(tokenizer: string, bytes: Uint8Array): Promise<TokenData> {
    this.#called('encode');
    known(tokenizer, 'tokenizer');
    const means = await blockMeans(bytes);
    if (tokenizer === TOY.vectors) return { kind: 'vectors', data: Float32Array.from(means.flat()) };
    const level = (value: number) => Math.round((value / 255) * 3);
    return { kind: 'indices', data: Int32Array.from(means, ([r, g, b]) => level(r) * 16 + level(g) * 4 + level(b)) };
  }

  async embedTexts(id: string, texts: readonly string[]): Promise<Float32Array[]> {
    this.#called('embedTexts');
    known(id, 'encoder');
    return texts.map((text) => {
      const found = Object.entries(COLOURS).filter(([word]) => text.includes(word));
      const sum = found.reduce<readonly [number, number, number]>(
        ([r, g, b], [, c]) => [r + c[0], g + c[1], b + c[2]],
        [0.1, 0.1, 0.1],
      );
      return unit(sum);
    });
  }

  async embedPictures(id: string, pictures: readonly Uint8Array[]): Promise<Float32Array[]> {
    this.#called('embedPictures');
    known(id, 'encoder');
    return Promise.all(
      pictures.map(async (bytes) => {
        const means = await blockMeans(bytes);
        return unit([0, 1, 2].map((c) => means.reduce((sum, mean) => sum + mean[c]!, 0) / (255 * means.length) + 0.01));
      }),
    );
  }

  async perturb(...[from, position, { count, order: _, ...options }]: Parameters<Compute['perturb']>) {
    this.#called('perturb');
    known(from.tokenizer, 'tokenizer');
    return Promise.all(
      Array.from({ length: count }, async (_, token) => {
        const data = Int32Array.from(from.tokens.data);
        data[position] = token;
        return { token, change: token / CODEBOOK, picture: await picture(data, options) };
      }),
    );
  }
}

function known(id: string, kind: ModelSummary['kind']): void {
  if (!MODELS.some((m) => m.id === id && m.kind === kind)) {
    throw new ToyComputeError('NOT_FOUND', `There is no ${kind} ${id}; pull it, or take another.`);
  }
}

async function picture(tokens: ArrayLike<number>, { size, format = 'webp' }: PictureOptions): Promise<Picture> {
  const data = new Uint8Array(SIDE * SIDE * 3);
  const block = SIDE / GRID;
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    const x = Math.floor((i % SIDE) / block);
    const y = Math.floor(i / SIDE / block);
    const token = tokens[y * GRID + x] ?? 0;
    data.set(
      [(token >> 4) & 3, (token >> 2) & 3, token & 3].map((level) => level * 85),
      i * 3,
    );
  }
  const bytes = await encodeFrame({ width: SIDE, height: SIDE, data }, { format, ...(size !== undefined && { size }) });
  const side = size ?? SIDE;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, contentType: `image/${format}`, width: side, height: side, sha256 };
}

/** Mean colour of each block, row by row. */
async function blockMeans(bytes: Uint8Array): Promise<[number, number, number][]> {
  const { width, height, data } = await readImage(bytes);
  return Array.from({ length: GRID * GRID }, (_, block) => {
    const x = Math.floor((((block % GRID) + 0.5) * width) / GRID);
    const y = Math.floor(((Math.floor(block / GRID) + 0.5) * height) / GRID);
    const at = (y * width + x) * 3;
    return [data[at]!, data[at + 1]!, data[at + 2]!];
  });
}

function unit(values: readonly number[]): Float32Array {
  const norm = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / norm);
}
