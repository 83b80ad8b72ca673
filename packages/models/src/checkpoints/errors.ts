// What can be wrong with a checkpoint: one class per kind of fault, one line per message.
import { ModelError } from '../errors.ts';

/** Shows a name from a hostile file safely on one line: quoted, control characters escaped, cut at 80 units. */
export function quote(name: string): string {
  const cut = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function showShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** The file cannot be opened at all: absent, a folder, not readable. */
export class CheckpointOpenError extends ModelError {
  readonly code = 'CHECKPOINT_UNREADABLE';
  readonly file: string;
  /** The system's code, such as ENOENT. */
  readonly reason: string;
  constructor(file: string, reason: string, cure: string) {
    super(`${file}: cannot be opened (${reason}): ${cure}`);
    this.file = file;
    this.reason = reason;
  }
}

/** The bytes are not what the format asks for. `fault` says what is wrong, `cure` what would be right. */
export class CheckpointFormatError extends ModelError {
  readonly code = 'CHECKPOINT_FORMAT';
  readonly file: string;
  readonly fault: string;
  constructor(file: string, fault: string, cure: string) {
    super(`${file}: ${fault}: ${cure}`);
    this.file = file;
    this.fault = fault;
  }
}

/** A pickle asks for something that is no plain tensor. It was not executed. */
export class RefusedPickleError extends ModelError {
  readonly code = 'PICKLE_REFUSED';
  readonly file: string;
  /** The refused global (`posix.system`) or construct (`opcode INST`). */
  readonly refused: string;
  constructor(file: string, refused: string) {
    super(
      `${file}: the pickle asks for ${quote(refused)}, only tensors are read and nothing is run: ${conversionHint(file)}`,
    );
    this.file = file;
    this.refused = refused;
  }
}

/** How a user turns a pickle we refuse into safetensors, on a machine where they trust the file. */
export function conversionHint(file: string): string {
  const name = file.replace(/^.*[\\/]/, '').replace(/[^\w.+-]/g, '_');
  const out = `${name.replace(/\.(bin|pt|pth|ckpt|tar)$/i, '')}.safetensors`;
  return `if you trust the file convert it with: python3 -c "import torch; from safetensors.torch import save_file; save_file({k: v.contiguous().clone() for k, v in torch.load('${name}', map_location='cpu', weights_only=False).items() if torch.is_tensor(v)}, '${out}')"`;
}

/** The checkpoint has no tensor of that name. */
export class MissingTensorError extends ModelError {
  readonly code = 'TENSOR_MISSING';
  readonly file: string;
  readonly tensor: string;
  readonly nearest: readonly string[];
  constructor(file: string, tensor: string, nearest: readonly string[]) {
    const near =
      nearest.length > 0 ? `the nearest names are ${nearest.map(quote).join(', ')}` : 'the file holds no tensors';
    super(`${file}: tensor ${quote(tensor)} is missing: ${near}`);
    this.file = file;
    this.tensor = tensor;
    this.nearest = nearest;
  }
}

/** The tensor exists, with another shape than the architecture asks for. */
export class TensorShapeError extends ModelError {
  readonly code = 'TENSOR_SHAPE';
  readonly file: string;
  readonly tensor: string;
  readonly found: readonly number[];
  readonly wanted: readonly number[];
  constructor(file: string, tensor: string, found: readonly number[], wanted: readonly number[]) {
    super(
      `${file}: tensor ${quote(tensor)} has shape ${showShape(found)}: ${showShape(wanted)} is needed, check that config and weights belong together`,
    );
    this.file = file;
    this.tensor = tensor;
    this.found = found;
    this.wanted = wanted;
  }
}

/** The tensor's element type cannot be read the way it was asked for. */
export class TensorTypeError extends ModelError {
  readonly code = 'TENSOR_TYPE';
  readonly file: string;
  readonly tensor: string;
  readonly dtype: string;
  constructor(file: string, tensor: string, dtype: string, wanted: string) {
    super(`${file}: tensor ${quote(tensor)} is ${dtype}: ${wanted}`);
    this.file = file;
    this.tensor = tensor;
    this.dtype = dtype;
  }
}
