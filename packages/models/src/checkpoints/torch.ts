// Opens PyTorch checkpoints (torch.save archives and TorchScript archives) without running them: tensors only, mapped in place.
import { type ByteSource, fileSource, memorySource } from './byte-source.ts';
import { type Checkpoint, makeCheckpoint, type TensorEntry } from './checkpoint.ts';
import { dtypeBytes } from './dtypes.ts';
import { CheckpointFormatError, conversionHint, quote, RefusedPickleError, showShape } from './errors.ts';
import { type CheckpointLimits, defaultCheckpointLimits } from './limits.ts';
import { readPickle } from './pickle.ts';
import { describe, type PickleTensor, type PickleValue } from './pickle-values.ts';
import { byteLength } from './safetensors-header.ts';
import { readZipDirectory, storedOffset, type ZipMember } from './zip.ts';

/**
 * Opens a `pytorch_model.bin`, `.pt` or `.pth` file of the zip form. Strided views that are not contiguous are refused, not
 * copied: an entry must describe bytes that can be mapped in place. Tensors may share a storage.
 * @throws CheckpointOpenError, CheckpointFormatError, RefusedPickleError (naming the refused global; nothing is ever run)
 */
export async function openTorchCheckpoint(path: string, limits: Partial<CheckpointLimits> = {}): Promise<Checkpoint> {
  return readTorch(await fileSource(path), limits);
}

/** Opens PyTorch archive bytes in memory. */
export function parseTorchCheckpoint(
  bytes: Uint8Array,
  label = 'PyTorch bytes',
  limits: Partial<CheckpointLimits> = {},
): Checkpoint {
  return readTorch(memorySource(bytes, label), limits);
}

/** Reads the archive's directory and pickle; closes the source when it fails. */
export function readTorch(source: ByteSource, overrides: Partial<CheckpointLimits>): Checkpoint {
  const limits = { ...defaultCheckpointLimits, ...overrides };
  try {
    const magic = source.read(0, Math.min(4, source.size));
    if (String.fromCharCode(...magic) !== 'PK\x03\x04') {
      throw new CheckpointFormatError(
        source.path,
        'no zip archive; PyTorch files before 1.6 (tar, plain pickle) are not read',
        conversionHint(source.path),
      );
    }
    const members = readZipDirectory(source, limits);
    const prefix = archivePrefix(source, members);
    checkByteOrder(source, members.get(`${prefix}byteorder`));
    const pickle = readPickle(
      source.path,
      memberBytes(source, members.get(`${prefix}data.pkl`), limits.pickleBytes),
      limits,
    );
    const named = new Map<string, PickleTensor>();
    collect(source.path, pickle, limits, named);
    const tensors = new Map<string, TensorEntry>();
    for (const [name, tensor] of named) tensors.set(name, place(source, members, prefix, name, tensor, limits));
    return makeCheckpoint(source, tensors);
  } catch (error) {
    source.close();
    throw error;
  }
}

/** `archive/` in `archive/data.pkl`; there must be exactly one. */
function archivePrefix(source: ByteSource, members: Map<string, ZipMember>): string {
  const pickles = [...members.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const [only] = pickles;
  if (pickles.length !== 1 || !only) {
    throw new CheckpointFormatError(
      source.path,
      `the archive has ${pickles.length} data.pkl`,
      `a PyTorch archive has one; ${conversionHint(source.path)}`,
    );
  }
  return only.slice(0, -'data.pkl'.length);
}

function memberBytes(source: ByteSource, member: ZipMember | undefined, limit: number): Uint8Array {
  if (!member) throw new CheckpointFormatError(source.path, 'the archive lacks a member', 'download it again');
  if (member.length > limit)
    throw new CheckpointFormatError(
      source.path,
      `zip member ${quote(member.name)} has ${member.length} bytes`,
      `at most ${limit} are read`,
    );
  return source.read(storedOffset(source, member), member.length);
}

function checkByteOrder(source: ByteSource, member: ZipMember | undefined): void {
  if (!member) return;
  const order = new TextDecoder().decode(memberBytes(source, member, 16)).trim();
  if (order !== 'little')
    throw new CheckpointFormatError(
      source.path,
      `its byte order is ${quote(order)}`,
      'little-endian is read, save it again on such a machine',
    );
}

/** Finds the tensors: a state dict, one under `state_dict` or `model`, or the attributes of a TorchScript module. */
function collect(file: string, root: PickleValue, limits: CheckpointLimits, into: Map<string, PickleTensor>): void {
  if (typeof root === 'object' && root?.kind === 'module') {
    collectModule(file, root, '', 0, limits, into);
    return;
  }
  if (typeof root !== 'object' || root?.kind !== 'dict')
    throw new RefusedPickleError(file, `a ${describe(root)} where the state dict should be`);
  const inner = root.entries.get('state_dict') ?? root.entries.get('model');
  const dict = typeof inner === 'object' && inner?.kind === 'dict' ? inner : root;
  for (const [name, value] of dict.entries) {
    if (typeof name !== 'string') throw new RefusedPickleError(file, `a ${describe(name)} as tensor name`);
    if (typeof value !== 'object' || value?.kind !== 'tensor')
      throw new RefusedPickleError(file, `a ${describe(value)} called ${name} among the tensors`);
    add(file, name, value, limits, into);
  }
}

function collectModule(
  file: string,
  module: PickleValue,
  path: string,
  depth: number,
  limits: CheckpointLimits,
  into: Map<string, PickleTensor>,
): void {
  if (typeof module !== 'object' || module?.kind !== 'module' || !module.attributes) return;
  if (depth > limits.moduleDepth)
    throw new CheckpointFormatError(
      file,
      `modules are nested over ${limits.moduleDepth} deep`,
      'raise the limit `moduleDepth` if the file is meant',
    );
  const { entries } = module.attributes;
  // Each module is walked once: shared or self-containing modules would otherwise multiply without end.
  module.attributes = undefined;
  for (const [key, value] of entries) {
    if (typeof key !== 'string') throw new RefusedPickleError(file, `a ${describe(key)} as attribute name`);
    if (typeof value === 'object' && value?.kind === 'tensor') add(file, path + key, value, limits, into);
    else collectModule(file, value, `${path}${key}.`, depth + 1, limits, into);
  }
}

function add(
  file: string,
  name: string,
  tensor: PickleTensor,
  limits: CheckpointLimits,
  into: Map<string, PickleTensor>,
): void {
  if (name.length > limits.nameLength || name === '__proto__')
    throw new CheckpointFormatError(
      file,
      `a tensor is called ${quote(name)}`,
      `names have at most ${limits.nameLength} characters`,
    );
  into.set(name, tensor);
  if (into.size > limits.tensors)
    throw new CheckpointFormatError(
      file,
      `more than ${limits.tensors} tensors`,
      'raise the limit `tensors` if the file is meant',
    );
}

/** Where a tensor's bytes lie in the file; checks storage, bounds and strides. */
function place(
  source: ByteSource,
  members: Map<string, ZipMember>,
  prefix: string,
  name: string,
  tensor: PickleTensor,
  limits: CheckpointLimits,
): TensorEntry {
  const { storage, shape, stride, offset } = tensor;
  const bad = (fault: string, cure: string) =>
    new CheckpointFormatError(source.path, `tensor ${quote(name)} ${fault}`, cure);
  if (shape.length > limits.rank) throw bad(`has ${shape.length} dimensions`, `at most ${limits.rank} are read`);
  const member = members.get(`${prefix}data/${storage.key}`);
  if (!member)
    throw bad(`has its values in ${quote(`data/${storage.key}`)}, which is not in the archive`, 'download it again');
  const step = dtypeBytes[storage.dtype];
  if (member.length !== storage.elements * step)
    throw bad(`has a storage of ${member.length} bytes`, `${storage.elements} values of ${storage.dtype} are claimed`);
  const length = byteLength(storage.dtype, shape);
  if (length === undefined || offset * step + length > member.length)
    throw bad(`of shape ${showShape(shape)} reaches beyond its storage`, `it holds ${storage.elements} values`);
  if (!isContiguous(shape, stride))
    throw bad(
      `has strides ${showShape(stride)} for shape ${showShape(shape)}`,
      `only contiguous tensors can be mapped; ${conversionHint(source.path)}`,
    );
  return { name, dtype: storage.dtype, shape, offset: storedOffset(source, member) + offset * step, length };
}

/** Row-major without gaps. The stride of a dimension of size 1 does not matter, nor any stride of an empty tensor. */
function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== expected) return false;
    expected *= shape[i] ?? 1;
  }
  return true;
}
