// The allow-list: every global a checkpoint's pickle may name, and what a call of it builds. Nothing else exists.
import type { Dtype } from './dtypes.ts';
import type { PickleSequence, PickleStorage, PickleTensor, PickleValue } from './pickle-values.ts';

/** Storage classes and the element type they stand for. */
export const storageTypes: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.DoubleStorage', 'F64'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

/** Classes of a TorchScript archive live under this name; their objects become inert attribute tables. */
export const moduleClassPrefix = '__torch__.';

/** A rule builds a value from call arguments, or returns undefined when the arguments are not of the expected form. */
type Rule = (args: readonly PickleValue[]) => PickleValue | undefined;

const listOf: Rule = ([items, ...rest]) => (isSequence(items, 'list') && rest.length === 0 ? items : undefined);

export const callRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [
    'collections.OrderedDict',
    (args) => (args.length === 0 ? { kind: 'dict', ordered: true, entries: new Map() } : undefined),
  ],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', ([data]) => (isKind(data, 'tensor') ? data : undefined)],
  ['torch.jit._pickle.build_intlist', listOf],
  ['torch.jit._pickle.build_doublelist', listOf],
  ['torch.jit._pickle.build_boollist', listOf],
  ['torch.jit._pickle.build_tensorlist', listOf],
]);

export function isAllowedGlobal(name: string): boolean {
  return storageTypes.has(name) || callRules.has(name) || name.startsWith(moduleClassPrefix);
}

/** (storage, offset, size, stride, requires_grad, hooks, metadata?): the last three carry no data. */
function rebuildTensor([storage, offset, size, stride]: readonly PickleValue[]): PickleTensor | undefined {
  const shape = counts(size);
  const steps = counts(stride);
  if (!isKind(storage, 'storage') || !isCount(offset) || !shape || !steps || shape.length !== steps.length)
    return undefined;
  return { kind: 'tensor', storage, offset, shape, stride: steps };
}

/** The persistent id ('storage', class, key, location, elements). The location (`cuda:0`) does not matter here. */
export function readStorage(id: PickleValue): PickleStorage | undefined {
  if (!isSequence(id, 'tuple') || id.items.length !== 5) return undefined;
  const [tag, type, key, , elements] = id.items;
  const dtype = isKind(type, 'global') ? storageTypes.get(type.name) : undefined;
  if (tag !== 'storage' || !dtype || typeof key !== 'string' || !isCount(elements)) return undefined;
  return { kind: 'storage', dtype, key, elements };
}

function isKind<K extends 'global' | 'storage' | 'tensor'>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

function isSequence(value: PickleValue | undefined, kind: 'list' | 'tuple'): value is PickleSequence {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function counts(value: PickleValue | undefined): number[] | undefined {
  if (!isSequence(value, 'tuple')) return undefined;
  const numbers = value.items.filter(isCount);
  return numbers.length === value.items.length ? numbers : undefined;
}
