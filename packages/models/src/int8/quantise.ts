// A float matrix rounded to int8 with one scale per column, as the two operands that a linear layer multiplies by.

/** Row-major [rows, columns] int8, and the float32 step of each column. */
export interface RoundedMatrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

export interface RoundedWeight {
  /** W' [in, out]: x W' is the layer's product. */
  readonly forward: RoundedMatrix;
  /** W [out, in]: dy W is its gradient. */
  readonly backward: RoundedMatrix;
}

/** Rounds a torch weight W [out, in], symmetrically: value = round(w / scale), scale = largest magnitude of the column / 127. */
export function roundWeight(weight: Float32Array, out: number, width: number): RoundedWeight {
  const [largestOut, largestIn] = [new Float32Array(out), new Float32Array(width)];
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < width; i++) {
      const magnitude = Math.abs(weight[o * width + i]!);
      if (magnitude > largestOut[o]!) largestOut[o] = magnitude;
      if (magnitude > largestIn[i]!) largestIn[i] = magnitude;
    }
  }
  const [scaleOut, scaleIn] = [largestOut.map(scaleOf), largestIn.map(scaleOf)];
  const [forward, backward] = [new Int8Array(out * width), new Int8Array(out * width)];
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < width; i++) {
      const w = weight[o * width + i]!;
      forward[i * out + o] = Math.round(w / scaleOut[o]!);
      backward[o * width + i] = Math.round(w / scaleIn[i]!);
    }
  }
  return { forward: { values: forward, scales: scaleOut }, backward: { values: backward, scales: scaleIn } };
}

/** A column of zeros has any step. */
const scaleOf = (largest: number): number => (largest > 0 ? largest / 127 : 1);
