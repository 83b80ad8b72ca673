// Properties of the metrics that hold whatever the features; the reference values are in the parity suite.
import { describe, expect, it } from 'vitest';
import { frechetDistance, inceptionScore } from '../src/index.ts';

const features = (rows: number, width: number, shift = 0): Float32Array =>
  Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i * 12.9898) * 2 + Math.cos(i * 4.1414) + shift);

describe('frechetDistance', () => {
  it('is zero between a set and itself, and the squared shift between a set and its translate', () => {
    const a = features(60, 5);
    expect(frechetDistance(a, a, 5)).toBeCloseTo(0, 6);
    expect(frechetDistance(a, features(60, 5, 3), 5)).toBeCloseTo(5 * 9, 4);
  });
  it('is symmetric, and holds with fewer rows than features', () => {
    const [a, b] = [features(4, 8), features(6, 8, 1)];
    expect(frechetDistance(a, b, 8)).toBeCloseTo(frechetDistance(b, a, 8), 6);
  });
  it('refuses sets that are no rows of the width', () => {
    expect(() => frechetDistance(features(1, 5), features(9, 5), 5)).toThrow(/two or more rows of 5/);
    expect(() => frechetDistance(new Float32Array(7), features(9, 5), 5)).toThrow(RangeError);
  });
});

describe('inceptionScore', () => {
  it('is 1 for images of no class and the number of classes for certain, balanced ones', () => {
    const classes = 4;
    const uniform = new Float32Array(40 * classes).fill(1 / classes);
    const certain = Float32Array.from({ length: 40 * classes }, (_, i) =>
      Math.floor(i / classes) % classes === i % classes ? 1 : 0,
    );
    expect(inceptionScore(uniform, classes, 5).mean).toBeCloseTo(1, 6);
    expect(inceptionScore(certain, classes, 5).mean).toBeCloseTo(classes, 6);
  });
  it('refuses fewer images than splits', () => {
    expect(() => inceptionScore(new Float32Array(12).fill(0.25), 4, 10)).toThrow(RangeError);
  });
});
