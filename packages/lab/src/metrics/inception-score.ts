// The Inception Score of class probabilities.

export interface Score {
  readonly mean: number;
  /** Population standard deviation over the splits. */
  readonly deviation: number;
}

/**
 * exp of the mean KL divergence of p(class | image) from p(class), per split of consecutive images, then over splits.
 * `probabilities` [images, classes], rows summing to 1. Source: Salimans et al. 2016.
 * @throws RangeError when there are fewer images than splits
 */
export function inceptionScore(probabilities: Float32Array, classes: number, splits = 10): Score {
  const images = probabilities.length / classes;
  if (!Number.isInteger(images) || images < splits) {
    throw new RangeError(`${probabilities.length} numbers are not ${splits} or more rows of ${classes} probabilities.`);
  }
  const scores = Array.from({ length: splits }, (_, s) => {
    const [start, end] = [Math.floor((s * images) / splits), Math.floor(((s + 1) * images) / splits)];
    return splitScore(probabilities.subarray(start * classes, end * classes), classes);
  });
  const mean = scores.reduce((a, b) => a + b, 0) / splits;
  return { mean, deviation: Math.sqrt(scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / splits) };
}

function splitScore(p: Float32Array, classes: number): number {
  const images = p.length / classes;
  const marginal = new Float64Array(classes);
  p.forEach((x, i) => {
    marginal[i % classes] = marginal[i % classes]! + x / images;
  });
  let divergence = 0;
  p.forEach((x, i) => {
    if (x > 0) divergence += x * Math.log(x / marginal[i % classes]!);
  });
  return Math.exp(divergence / images);
}
