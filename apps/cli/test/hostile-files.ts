// Files that must be refused: images, models, token files, each broken in one way.
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { encodeFrame, encodeNpz } from '@tessera/media';
import { openSafetensors, type TensorData, writeSafetensors } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import { openLibrary } from '../src/run/engine.ts';

const TOKENIZER = POCKET_MODELS['pocket-32'];
const ATTACK = fileURLToPath(new URL('../../../packages/models/test/fixtures/torch/2.7/attack.bin', import.meta.url));

/** A PNG header that promises 30,000 x 30,000 pixels and an end. */
function bomb(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(data.length + 12);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), out.length - 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(8)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The pocket tokenizer with its tensors changed, in a folder of its own. */
async function brokenModel(folder: string, change: (tensors: Record<string, TensorData>) => void): Promise<void> {
  mkdirSync(folder);
  copyFileSync(join(TOKENIZER, 'config.json'), join(folder, 'config.json'));
  using file = await openSafetensors(join(TOKENIZER, 'model.safetensors'));
  const tensors: Record<string, TensorData> = {};
  for (const { name, shape } of file.tensors.values()) tensors[name] = { shape, data: file.read(name) };
  change(tensors);
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors));
}

/** Writes them all into `cwd`. */
export async function writeHostileFiles(cwd: string, fox: string): Promise<void> {
  const write = (name: string, data: Uint8Array | string) => writeFileSync(join(cwd, name), data);
  const folder = (name: string, files: Record<string, Uint8Array | string>) => {
    mkdirSync(join(cwd, name));
    for (const [file, data] of Object.entries(files)) write(`${name}/${file}`, data);
  };
  write('text.png', 'this is no image');
  write('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>');
  write('bomb.png', bomb());
  write('cut.png', readFileSync(fox).subarray(0, 9000));
  write('small.png', await encodeFrame({ width: 2, height: 2, data: new Uint8Array(12) }, { format: 'png' }));
  write('garbage.safetensors', Buffer.alloc(4000, 7));

  const config = readFileSync(join(TOKENIZER, 'config.json'));
  const whole = readFileSync(join(TOKENIZER, 'model.safetensors'));
  folder('truncated', { 'config.json': config, 'model.safetensors': whole.subarray(0, whole.length / 2) });
  folder('hostile', { 'config.json': config, 'model.safetensors': Buffer.alloc(64, 0xff) });
  folder('unknown', { 'config.json': '{"model_type":"llama"}', 'model.safetensors': whole });
  folder('pickle', { 'config.json': config, 'pytorch_model.bin': readFileSync(ATTACK) });
  await brokenModel(join(cwd, 'missing'), (tensors) => {
    delete tensors['decoder.mask_token'];
  });
  await brokenModel(join(cwd, 'integers'), (tensors) => {
    const mask = tensors['decoder.mask_token']!;
    tensors['decoder.mask_token'] = { ...mask, data: Int32Array.from(mask.data, Number) };
  });
  const clip = readFileSync(join(POCKET_MODELS['pocket-clip'], 'open_clip_config.json'), 'utf8').replace(
    /"patch_size": *\d+/,
    '"patch_size": 15',
  );
  cpSync(POCKET_MODELS['pocket-clip'], join(cwd, 'patches'), { recursive: true });
  write('patches/open_clip_config.json', clip);
  await brokenModel(join(cwd, 'shape'), (tensors) => {
    tensors['decoder.mask_token'] = { shape: [1, 1, 7], data: new Float32Array(7) };
  });

  const plan = {
    tokenizer: 'pocket-32',
    objectives: [
      { kind: 'clip', model: 'pocket-clip', prompt: 'a fox' },
      { kind: 'l2', weight: 0.5 },
    ],
    iterations: 3,
    learningRate: 0.1,
    start: { kind: 'seed' },
    seed: 1,
  };
  const planFile = (name: string, change: object) => write(name, JSON.stringify({ ...plan, ...change }));
  planFile('plan.json', {});
  planFile('plan-field.json', { objectives: [{ kind: 'clip', model: 'pocket-clip', prompt: 'a', cfg: -1 }] });
  planFile('plan-kind.json', { objectives: [{ kind: 'l3' }] });
  planFile('plan-extra.json', { iteration: 3 });
  planFile('plan-steering.json', { steering: [{ step: 1, change: { objectives: [{ index: 1, prompt: 'a' }] } }] });

  const facts = (sha256: string) => ({ format: 'tessera-tokens-1', tokenizer: { id: 'pocket-32', sha256 } });
  const tokens = (sha256: string, row: readonly number[]) =>
    JSON.stringify({ ...facts(sha256), steps: [0], indices: [row] });
  const { sha256 } = await openLibrary().tokenizer('pocket-32');
  write('other.json', tokens('0'.repeat(64), new Array<number>(32).fill(1)));
  write('range.json', tokens(sha256, new Array<number>(32).fill(4096)));
  write('few.json', tokens(sha256, [1, 2, 3]));
  write('text.json', tokens(sha256, [1, 2, 3]).replace('1,2', '"1",2'));
  write('bare.npz', encodeNpz({ indices: { dtype: 'uint16', shape: [1, 2], data: Uint16Array.of(1, 2) } }));
}
