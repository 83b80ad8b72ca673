// What a restricted pickle may build: plain containers, storages, tensors, and inert TorchScript modules.
import type { Dtype } from './dtypes.ts';

/** A class or function name from the allow-list. It is a name only: there is no code behind it. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** Reference to raw bytes elsewhere in the archive: member `data/<key>`, `elements` values of one type. */
export interface PickleStorage {
  readonly kind: 'storage';
  readonly dtype: Dtype;
  readonly key: string;
  readonly elements: number;
}

/** A view of a storage; offset and strides in elements. */
export interface PickleTensor {
  readonly kind: 'tensor';
  readonly storage: PickleStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

export interface PickleDict {
  readonly kind: 'dict';
  /** True for an OrderedDict, which may carry attributes (ignored). */
  readonly ordered: boolean;
  readonly entries: Map<PickleValue, PickleValue>;
}

/** A TorchScript module: a class name nobody looks up, and its attributes. */
export interface PickleModule {
  readonly kind: 'module';
  attributes: PickleDict | undefined;
}

export interface PickleSequence {
  readonly kind: 'list' | 'tuple';
  readonly items: PickleValue[];
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleGlobal
  | PickleStorage
  | PickleTensor
  | PickleDict
  | PickleModule
  | PickleSequence;

/** What a value is, for error messages. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  return typeof value === 'object' ? value.kind : typeof value;
}
