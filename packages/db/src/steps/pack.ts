// Consecutive steps of one run as bytes, and back: about 105 bytes a step of 32 tokens.
//
// 'TSB1', length of the head (uint32), head (JSON), then columns: tokens (packed bits or float32), scales and 12-bit
// logarithms of gradient norms, a bit per step that was skipped, loss, regularisation, score, and four columns per term.
import type { StepRecord, StepTerm, TokenData } from '@tessera/protocol';
import { InputError, StepFormatError } from '../errors.ts';
import { bitsFor, packBits, packedBytes, unpackBits } from './bits.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readColumn, writeColumn } from './columns.ts';
import { type BatchHeader, parseHeader } from './header.ts';
import { decodeLog12, encodeLog12, scaleOf } from './log12.ts';

const MAGIC = 0x31425354;
const MAX_TOKEN = 65_535;

/**
 * Lossless but for gradient norms (0.21 %) and what is no float32. NaN scores and similarities come back as absent.
 * @throws InputError when steps are not consecutive, differ in shape, or a token is no uint16
 */
export function packSteps(steps: readonly StepRecord[]): Uint8Array<ArrayBuffer> {
  const [head] = steps;
  if (!head) throw new InputError('steps', 'are empty; send at least one');
  const header = headerOf(head, steps);
  steps.forEach((step, i) => {
    checkShape(step, i, head, header);
  });
  const json = new TextEncoder().encode(JSON.stringify(header));
  const out = new ByteWriter();
  out.word(MAGIC);
  out.word(json.length);
  out.raw(json);
  writeTokens(out, steps, header);
  writeNorms(out, steps, header.positions);
  out.raw(
    packBits(
      steps.map(({ skipped }) => Number(skipped)),
      1,
    ),
  );
  writeColumn(
    out,
    steps.map(({ loss }) => loss),
  );
  writeColumn(
    out,
    steps.map(({ regularisation }) => regularisation),
  );
  writeColumn(
    out,
    steps.map(({ score }) => score ?? Number.NaN),
  );
  header.terms.forEach((_, t) => {
    const column = (value: (term: StepTerm) => number | undefined) =>
      writeColumn(
        out,
        steps.map(({ terms }) => value(terms[t]!) ?? Number.NaN),
      );
    column(({ loss }) => loss);
    column(({ weight }) => weight);
    column(({ similarity }) => similarity);
    column(({ negativeSimilarity }) => negativeSimilarity);
  });
  return out.done();
}

/** @throws StepFormatError when the bytes are no batch */
export function unpackSteps(bytes: Uint8Array): StepRecord[] {
  const from = new ByteReader(bytes);
  if (from.word() !== MAGIC) throw new StepFormatError('they do not begin with TSB1.');
  const header = parseHeader(from.raw(from.word()));
  const { first, count, positions } = header;
  const tokens = readTokens(from, header);
  const norms = readNorms(from, count, positions);
  const skipped = unpackBits(from.raw(packedBytes(count, 1)), count, 1);
  const [loss, regularisation, score] = [readColumn(from, count), readColumn(from, count), readColumn(from, count)];
  const terms = header.terms.map((kind) => ({
    kind,
    loss: readColumn(from, count),
    weight: readColumn(from, count),
    similarity: readColumn(from, count),
    negativeSimilarity: readColumn(from, count),
  }));
  from.end();
  const steering = new Map(header.steering);
  return Array.from({ length: count }, (_, i): StepRecord => {
    const scored = score[i]!;
    return {
      step: first + i,
      loss: loss[i]!,
      regularisation: regularisation[i]!,
      terms: terms.map((term) => ({
        kind: term.kind,
        loss: term.loss[i]!,
        weight: term.weight[i]!,
        ...(!Number.isNaN(term.similarity[i]!) && { similarity: term.similarity[i]! }),
        ...(!Number.isNaN(term.negativeSimilarity[i]!) && { negativeSimilarity: term.negativeSimilarity[i]! }),
      })),
      gradientNorms: norms[i]!,
      tokens: tokens[i]!,
      changed: i === 0 ? header.changed : changedPositions(tokens[i - 1]!, tokens[i]!),
      ...(!Number.isNaN(scored) && { score: scored }),
      skipped: skipped[i] === 1,
      steering: steering.get(i) ?? [],
    };
  });
}

/** Positions whose index differs; none for vectors. */
export function changedPositions(before: TokenData, after: TokenData): number[] {
  if (before.kind !== 'indices' || after.kind !== 'indices') return [];
  const changed: number[] = [];
  for (let i = 0; i < after.data.length; i++) if (before.data[i] !== after.data[i]) changed.push(i);
  return changed;
}

function headerOf(head: StepRecord, steps: readonly StepRecord[]): BatchHeader {
  const positions = head.gradientNorms.length;
  let max = 0;
  for (const { tokens } of steps) {
    if (tokens.kind === 'indices') {
      for (const token of tokens.data) {
        if (token < 0 || token > MAX_TOKEN)
          throw new InputError('tokens', `hold ${token}; 0 to ${MAX_TOKEN} can be stored`);
        if (token > max) max = token;
      }
    }
  }
  return {
    first: head.step,
    count: steps.length,
    positions,
    tokens:
      head.tokens.kind === 'indices'
        ? { bits: bitsFor(max) }
        : { channels: head.tokens.data.length / (positions || 1) },
    terms: head.terms.map(({ kind }) => kind),
    changed: head.changed,
    steering: steps.flatMap(({ steering }, i) => (steering.length > 0 ? [[i, steering] as const] : [])),
  };
}

function checkShape(step: StepRecord, i: number, head: StepRecord, header: BatchHeader): void {
  const same =
    step.step === head.step + i &&
    step.gradientNorms.length === header.positions &&
    step.tokens.kind === head.tokens.kind &&
    step.tokens.data.length === head.tokens.data.length &&
    step.terms.length === head.terms.length &&
    step.terms.every(({ kind }, t) => kind === header.terms[t]);
  const fits =
    'bits' in header.tokens ? head.tokens.data.length === header.positions : Number.isInteger(header.tokens.channels);
  if (!same || !fits || !Number.isInteger(head.step) || head.step < 0) {
    throw new InputError('steps', `do not fit together at step ${step.step}; a batch is consecutive and of one shape`);
  }
}

function writeTokens(out: ByteWriter, steps: readonly StepRecord[], { positions, tokens }: BatchHeader): void {
  if ('bits' in tokens) {
    const all = new Uint16Array(steps.length * positions);
    steps.forEach((step, i) => {
      all.set(step.tokens.data, i * positions);
    });
    out.raw(packBits(all, tokens.bits));
  } else {
    for (const { tokens: vectors } of steps) for (const value of vectors.data) out.float(value);
  }
}

function readTokens(from: ByteReader, { count, positions, tokens }: BatchHeader): TokenData[] {
  if ('bits' in tokens) {
    const all = unpackBits(from.raw(packedBytes(count * positions, tokens.bits)), count * positions, tokens.bits);
    return Array.from({ length: count }, (_, i) => ({
      kind: 'indices',
      data: all.slice(i * positions, (i + 1) * positions),
    }));
  }
  const size = positions * tokens.channels;
  return Array.from({ length: count }, () => ({ kind: 'vectors', data: from.floats(size) }));
}

function writeNorms(out: ByteWriter, steps: readonly StepRecord[], positions: number): void {
  const codes = new Uint16Array(steps.length * positions);
  steps.forEach(({ gradientNorms }, i) => {
    const scale = scaleOf(gradientNorms);
    out.float(scale);
    encodeLog12(gradientNorms, scale, codes, i * positions);
  });
  out.raw(packBits(codes, 12));
}

function readNorms(from: ByteReader, count: number, positions: number): Float32Array[] {
  const scales = from.floats(count);
  const codes = unpackBits(from.raw(packedBytes(count * positions, 12)), count * positions, 12);
  return Array.from({ length: count }, (_, i) => decodeLog12(codes, i * positions, positions, scales[i]!));
}
