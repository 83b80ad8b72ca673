// A pickle machine that can only build tensors: a table of harmless opcodes, an allow-list of names, no calls into anything.
// Opcode numbers and meanings: Python's pickletools, protocols 2 to 4. An opcode or name that is not listed is refused.
import { CheckpointFormatError, RefusedPickleError } from './errors.ts';
import type { CheckpointLimits } from './limits.ts';
import { callRules, isAllowedGlobal, moduleClassPrefix, readStorage } from './pickle-globals.ts';
import { describe, type PickleSequence, type PickleValue } from './pickle-values.ts';

/** Opcodes that Python defines and we refuse, named for the error message. */
const refusedOpcodes: Readonly<Record<string, string>> = {
  i: 'opcode INST',
  o: 'opcode OBJ',
  P: 'opcode PERSID',
  '\x82': 'opcode EXT1',
  '\x83': 'opcode EXT2',
  '\x84': 'opcode EXT4',
  '\x92': 'opcode NEWOBJ_EX',
};

/** The state of one run: the pickle's bytes, its stack with marks, its memo. */
class Machine {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly memo = new Map<number, PickleValue>();
  stack: PickleValue[] = [];
  readonly marks: PickleValue[][] = [];
  at = 0;

  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  damaged(fault: string): CheckpointFormatError {
    return new CheckpointFormatError(
      this.file,
      `its pickle is damaged at byte ${this.at} (${fault})`,
      'download it again',
    );
  }
  refused(what: string): RefusedPickleError {
    return new RefusedPickleError(this.file, what);
  }
  /** Moves over `count` bytes and returns where they start. */
  take(count: number): number {
    const start = this.at;
    if (count < 0 || start + count > this.bytes.length) throw this.damaged('it ends too early');
    this.at += count;
    return start;
  }
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw this.damaged('it ends too early');
    const text = this.decode(this.at, end);
    this.at = end + 1;
    return text;
  }
  text(length: number): string {
    const start = this.take(length);
    return this.decode(start, start + length);
  }
  private decode(start: number, end: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes.subarray(start, end));
    } catch {
      throw this.damaged('text that is not UTF-8');
    }
  }
  push(value: PickleValue): void {
    this.stack.push(value);
  }
  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw this.damaged('its stack is empty');
    return value;
  }
  popTuple(count: number): PickleSequence {
    if (this.stack.length < count) throw this.damaged('its stack is empty');
    return { kind: 'tuple', items: this.stack.splice(this.stack.length - count) };
  }
  /** Everything above the last mark. */
  popMark(): PickleValue[] {
    const items = this.stack;
    const below = this.marks.pop();
    if (!below) throw this.damaged('it has no mark');
    this.stack = below;
    return items;
  }
  put(index: number): void {
    const value = this.stack.at(-1);
    if (value === undefined) throw this.damaged('its stack is empty');
    this.memo.set(index, value);
  }
  get(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.damaged(`it has no memo ${index}`);
    this.push(value);
  }
  global(module: string, name: string): void {
    const full = `${module}.${name}`;
    if (!isAllowedGlobal(full)) throw this.refused(full);
    this.push({ kind: 'global', name: full });
  }
  setItems(items: readonly PickleValue[]): void {
    const dict = this.stack.at(-1);
    if (typeof dict !== 'object' || dict?.kind !== 'dict') throw this.refused(`items for a ${describe(dict)}`);
    for (let i = 0; i < items.length; i += 2) {
      const [key, value] = items.slice(i, i + 2);
      if (key === undefined || value === undefined) throw this.damaged('a key without a value');
      dict.entries.set(key, value);
    }
  }
  append(items: readonly PickleValue[]): void {
    const list = this.stack.at(-1);
    if (typeof list !== 'object' || list?.kind !== 'list') throw this.refused(`items for a ${describe(list)}`);
    for (const item of items) list.items.push(item);
  }
  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    const name = typeof callee === 'object' && callee?.kind === 'global' ? callee.name : undefined;
    const rule = name === undefined ? undefined : callRules.get(name);
    if (!rule) throw this.refused(`a call of ${name ?? describe(callee)}`);
    const built = typeof args === 'object' && args?.kind === 'tuple' ? rule(args.items) : undefined;
    if (built === undefined) throw this.refused(`a call of ${name} with unusual arguments`);
    this.push(built);
  }
  newObject(): void {
    const args = this.pop();
    const cls = this.pop();
    const inert = typeof cls === 'object' && cls?.kind === 'global' && cls.name.startsWith(moduleClassPrefix);
    const empty = typeof args === 'object' && args?.kind === 'tuple' && args.items.length === 0;
    if (!inert || !empty) throw this.refused(`an object of ${inert ? 'a class with arguments' : describe(cls)}`);
    this.push({ kind: 'module', attributes: undefined });
  }
  /** State of an OrderedDict (`_metadata` of a state dict) is dropped; of a TorchScript module it holds the attributes. */
  build(): void {
    const state = this.pop();
    const target = this.stack.at(-1);
    if (typeof target === 'object' && target?.kind === 'dict' && target.ordered) return;
    const isState = typeof state === 'object' && state?.kind === 'dict';
    if (typeof target !== 'object' || target?.kind !== 'module' || target.attributes || !isState) {
      throw this.refused(`opcode BUILD on ${describe(target)}`);
    }
    target.attributes = state;
  }
  persistent(): void {
    const storage = readStorage(this.pop());
    if (!storage) throw this.refused('a persistent id that is no tensor storage');
    this.push(storage);
  }
  long(length: number): void {
    if (length > 8) throw this.damaged(`an integer of ${length} bytes`);
    let value = 0n;
    const start = this.take(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[start + i] ?? 0);
    this.push(Number(BigInt.asIntN(8 * length, value)));
  }
}

/** Opcode (as a character) -> what it does. */
const opcodes: Readonly<Record<string, (m: Machine) => void>> = {
  '\x80': (m) => {
    const version = m.view.getUint8(m.take(1));
    if (version < 2 || version > 4) throw m.damaged(`protocol ${version}, 2 to 4 are read`);
  },
  '\x95': (m) => void m.take(8),
  '(': (m) => {
    m.marks.push(m.stack);
    m.stack = [];
  },
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  K: (m) => m.push(m.view.getUint8(m.take(1))),
  M: (m) => m.push(m.view.getUint16(m.take(2), true)),
  J: (m) => m.push(m.view.getInt32(m.take(4), true)),
  '\x8a': (m) => m.long(m.view.getUint8(m.take(1))),
  G: (m) => m.push(m.view.getFloat64(m.take(8), false)),
  X: (m) => m.push(m.text(m.view.getUint32(m.take(4), true))),
  '\x8c': (m) => m.push(m.text(m.view.getUint8(m.take(1)))),
  ')': (m) => m.push({ kind: 'tuple', items: [] }),
  t: (m) => {
    const items = m.popMark();
    m.push({ kind: 'tuple', items });
  },
  '\x85': (m) => m.push(m.popTuple(1)),
  '\x86': (m) => m.push(m.popTuple(2)),
  '\x87': (m) => m.push(m.popTuple(3)),
  ']': (m) => m.push({ kind: 'list', items: [] }),
  a: (m) => m.append([m.pop()]),
  e: (m) => m.append(m.popMark()),
  '}': (m) => m.push({ kind: 'dict', ordered: false, entries: new Map() }),
  s: (m) => m.setItems(m.popTuple(2).items),
  u: (m) => m.setItems(m.popMark()),
  q: (m) => m.put(m.view.getUint8(m.take(1))),
  r: (m) => m.put(m.view.getUint32(m.take(4), true)),
  '\x94': (m) => m.put(m.memo.size),
  h: (m) => m.get(m.view.getUint8(m.take(1))),
  j: (m) => m.get(m.view.getUint32(m.take(4), true)),
  c: (m) => m.global(m.line(), m.line()),
  '\x93': (m) => {
    const [module, name] = m.popTuple(2).items;
    if (typeof module !== 'string' || typeof name !== 'string') throw m.refused('a global whose name is no text');
    m.global(module, name);
  },
  R: (m) => m.reduce(),
  '\x81': (m) => m.newObject(),
  b: (m) => m.build(),
  Q: (m) => m.persistent(),
};

/**
 * Runs a pickle and returns the value it builds. Time and memory are bounded by `limits`, whatever the bytes say.
 * @throws RefusedPickleError on anything but tensors and containers, CheckpointFormatError on damage
 */
export function readPickle(file: string, bytes: Uint8Array, limits: CheckpointLimits): PickleValue {
  const machine = new Machine(file, bytes);
  for (let count = 0; count < limits.pickleOpcodes; count++) {
    const code = String.fromCharCode(machine.view.getUint8(machine.take(1)));
    if (code === '.') {
      if (machine.stack.length !== 1 || machine.marks.length > 0)
        throw machine.damaged('it stops with an untidy stack');
      return machine.pop();
    }
    const run = Object.hasOwn(opcodes, code) ? opcodes[code] : undefined;
    if (!run)
      throw machine.refused(refusedOpcodes[code] ?? `opcode 0x${code.charCodeAt(0).toString(16).padStart(2, '0')}`);
    run(machine);
  }
  throw new CheckpointFormatError(
    file,
    `its pickle has more than ${limits.pickleOpcodes} opcodes`,
    'raise the limit `pickleOpcodes` if the file is meant',
  );
}
