// The generator against published vectors, and the statistics and independence of what is drawn from it.
import { describe, expect, it } from 'vitest';
import { normals, philox, words } from '../src/random.ts';
import { noiseShare } from '../src/schedule.ts';
import { drawCrops } from '../src/views.ts';

const hex = (x: Uint32Array): string[] => Array.from(x, (w) => w.toString(16).padStart(8, '0'));

describe('philox 4x32-10', () => {
  // Random123's known-answer file, kat_vectors.
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('of %j with %j', (counter, key, expected) => {
    expect(hex(philox(counter, key)).join(' ')).toBe(expected);
  });
});

describe('draws', () => {
  it('are standard normal', () => {
    const x = normals(1, 'noise', 0, 20_000);
    const mean = x.reduce((a, b) => a + b, 0) / x.length;
    const variance = x.reduce((a, b) => a + b * b, 0) / x.length - mean ** 2;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('differ by seed, stream and step, and do not depend on how many are drawn', () => {
    const all = [
      words(1, 'noise', 0, 8),
      words(2, 'noise', 0, 8),
      words(1, 'crops', 0, 8),
      words(1, 'noise', 1, 8),
      words(2 ** 40, 'noise', 0, 8),
    ];
    expect(new Set(all.map(String)).size).toBe(5);
    expect(words(1, 'noise', 0, 3)).toEqual(words(1, 'noise', 0, 8).subarray(0, 3));
  });

  it('place crops inside the image, everywhere, half of them flipped', () => {
    const crops = Array.from({ length: 200 }, (_, step) =>
      drawCrops(3, step, 64, { count: 4, fraction: 0.875, flip: 0.5 }),
    ).flat();
    expect(new Set(crops.map(({ top }) => top))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    const flipped = crops.filter(({ flip }) => flip).length / crops.length;
    expect(Math.abs(flipped - 0.5)).toBeLessThan(0.06);
  });
});

describe('noiseShare', () => {
  it('falls from 1 to 0 at two thirds of the run, and is defined for one step', () => {
    expect(noiseShare(0, 301)).toBe(1);
    expect(noiseShare(100, 301)).toBeCloseTo(0.5, 6);
    expect(noiseShare(200, 301)).toBe(0);
    expect(noiseShare(300, 301)).toBe(0);
    expect(noiseShare(0, 1)).toBe(1);
  });
});
