// The rate of a download: over the last seconds, falling when nothing comes.
import { expect, it } from 'vitest';
import { ByteRate } from '../../src/store/byte-rate.ts';

it('is measured over the last five seconds', () => {
  const rate = new ByteRate();
  // What lay there from an earlier download is no speed.
  rate.add(0, 1_000_000);
  expect(rate.perSecond(200, 1_000_200)).toBeNull();
  for (let ms = 100; ms <= 4_000; ms += 100) rate.add(ms, 1_000_000 + ms);
  expect(rate.perSecond(4_000, 1_004_000)).toBeCloseTo(1_000);
  for (let ms = 4_100; ms <= 12_000; ms += 100) rate.add(ms, 1_004_000 + (ms - 4_000) * 10);
  expect(rate.perSecond(12_000, 1_084_000)).toBeCloseTo(10_000);
  expect(rate.perSecond(24_000, 1_084_000)).toBeLessThan(3_000);
  rate.restart();
  expect(rate.perSecond(25_000, 1_084_000)).toBeNull();
});
