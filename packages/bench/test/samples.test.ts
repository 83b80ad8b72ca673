// Order statistics of samples, and the order in which they are taken.
import { expect, it } from 'vitest';
import { interleave, ratioOf, summarise } from '../src/measure/samples.ts';

it('gives the median and the middle half', () => {
  expect(summarise([5, 1, 3, 2, 4])).toEqual({ median: 3, spread: [2, 4], samples: 5 });
  expect(summarise([1, 2]).median).toBe(1.5);
});

it('takes ratios within a round, so that load on both cancels out', () => {
  expect(ratioOf([20, 40, 200], [10, 20, 100])).toBe(2);
});

it('takes turns and does not count the first round', async () => {
  const order: string[] = [];
  const candidate = (name: string) => async (round: number) => {
    order.push(`${name}${round}`);
    return round;
  };
  const times = await interleave({ a: candidate('a'), b: candidate('b') }, 2);
  expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
  expect(times).toEqual({ a: [1, 2], b: [1, 2] });
});
