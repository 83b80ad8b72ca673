// The Frechet distance between two sets of features (FID when they are Inception's).
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

interface Gaussian {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/**
 * |mean_a - mean_b|^2 + tr(C_a + C_b - 2 sqrt(C_a C_b)), with the unbiased covariances of features [count, width].
 * Source: Heusel et al. 2017. Cost: two symmetric eigenvalue problems of size `width`.
 * @throws RangeError when a set has fewer than two rows or another width
 */
export function frechetDistance(a: Float32Array, b: Float32Array, width: number): number {
  const [p, q] = [gaussian(a, width), gaussian(b, width)];
  const shift = p.mean.reduce((sum, m, i) => sum + (m - q.mean[i]!) ** 2, 0);
  return shift + p.covariance.trace() + q.covariance.trace() - 2 * traceOfRoot(p.covariance, q.covariance);
}

function gaussian(features: Float32Array, width: number): Gaussian {
  const count = features.length / width;
  if (!Number.isInteger(count) || count < 2) {
    throw new RangeError(`${features.length} numbers are not two or more rows of ${width} features.`);
  }
  const mean = new Float64Array(width);
  features.forEach((x, i) => {
    mean[i % width] = mean[i % width]! + x / count;
  });
  const centred = new Matrix(count, width);
  features.forEach((x, i) => {
    centred.set(Math.floor(i / width), i % width, x - mean[i % width]!);
  });
  return {
    mean,
    covariance: centred
      .transpose()
      .mmul(centred)
      .div(count - 1),
  };
}

/** tr sqrt(A B) of two covariances: A B is similar to the symmetric sqrt(A) B sqrt(A), whose roots are safe to take. */
function traceOfRoot(a: Matrix, b: Matrix): number {
  const root = symmetricRoot(a);
  const eigenvalues = new EigenvalueDecomposition(root.mmul(b).mmul(root), { assumeSymmetric: true }).realEigenvalues;
  return eigenvalues.reduce((sum, x) => sum + Math.sqrt(Math.max(0, x)), 0);
}

function symmetricRoot(a: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix: v } = new EigenvalueDecomposition(a, { assumeSymmetric: true });
  // Rank-deficient covariances have eigenvalues a rounding error below zero.
  return v.mmul(Matrix.diag(realEigenvalues.map((x) => Math.sqrt(Math.max(0, x))))).mmul(v.transpose());
}
