// What is wanted of a held run, and which wish weighs more.
import { expect, it } from 'vitest';
import { Wishes } from '../src/wishes.ts';

it('goes on until something is wanted, and obeys the weightiest', () => {
  const wishes = new Wishes();
  expect(wishes.now.kind).toBe('go on');
  const seen = (['hand back', 'pause', 'cancel'] as const).map((kind) => {
    wishes.add({ kind });
    return wishes.now.kind;
  });
  wishes.add({ kind: 'lost', error: new Error('no database') });
  expect(wishes.now.kind).toBe('lost');
  wishes.add({ kind: 'fenced' });
  expect([...seen, wishes.now.kind]).toEqual(['hand back', 'pause', 'cancel', 'fenced']);
  expect(wishes.gone).toBe(true);
});

it('lets a pause be taken back, and nothing else', () => {
  const wishes = new Wishes();
  wishes.pause(true);
  wishes.add({ kind: 'hand back' });
  wishes.pause(false);
  expect(wishes.now.kind).toBe('hand back');
  wishes.add({ kind: 'cancel' });
  wishes.pause(false);
  expect(wishes.now.kind).toBe('cancel');
});
