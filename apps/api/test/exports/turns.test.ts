// Turns: never more at once, first come first served, and whoever leaves gives the place up.
import { expect, it } from 'vitest';
import { BusyError, Turns } from '../../src/exports/index.ts';

it('works at most so many at once, in order, whatever fails', async () => {
  const turns = new Turns({ atOnce: 2, waiting: 20 });
  const order: number[] = [];
  let working = 0;
  let most = 0;
  const jobs = Array.from({ length: 12 }, (_, i) =>
    turns.take(async () => {
      order.push(i);
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setTimeout(resolve, i % 3));
      working -= 1;
      if (i % 4 === 1) throw new Error('broken');
    }),
  );
  const ends = await Promise.allSettled(jobs);
  expect(most).toBe(2);
  expect(order).toEqual(jobs.map((_, i) => i));
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(3);
});

it('forgets whoever left while waiting, and refuses who finds no place', async () => {
  const turns = new Turns({ atOnce: 1, waiting: 1 });
  let finish = () => {};
  const first = turns.take(() => new Promise<void>((resolve) => (finish = resolve)));
  const left = new AbortController();
  const second = turns.take(async () => 'never', left.signal);
  await expect(turns.take(async () => 'third')).rejects.toThrow(BusyError);
  left.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  const fourth = turns.take(async () => 'fourth');
  finish();
  await first;
  expect(await fourth).toBe('fourth');
});
