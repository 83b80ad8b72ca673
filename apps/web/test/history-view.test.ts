// The view of the history and its address, the selection, and the keys of its grid.
import { describe, expect, it } from 'vitest';
import { moveActive } from '../src/features/history/grid-keys.ts';
import { extend, NOTHING, selectAll, toggle, without } from '../src/features/history/selection.ts';
import { filterCount, filterOf, PLAIN_VIEW, readView, writeView } from '../src/features/history/view.ts';

describe('the address', () => {
  it('of the plain view is empty', () => {
    expect(writeView(PLAIN_VIEW).toString()).toBe('');
    expect(readView(new URLSearchParams())).toEqual(PLAIN_VIEW);
  });

  it('gives back what was written', () => {
    const view = {
      ...PLAIN_VIEW,
      text: 'a fox & a hen',
      search: 'picture',
      statuses: ['RUNNING', 'FAILED'],
      tokenizer: 'pocket-32',
      sessionId: 'U2Vzc2lvbjph',
      userId: 'VXNlcjph',
      minScore: -0.5,
      maxScore: 0,
      period: 'week',
      pinned: true,
      order: 'SCORE',
      layout: 'list',
    } as const;
    expect(readView(new URLSearchParams(writeView(view).toString()))).toEqual(view);
    expect(filterCount(view)).toBe(7);
  });

  it('leaves out what cannot be understood', () => {
    const view = readView(new URLSearchParams('status=running,wild&min=many&max=&since=ever&sort=up&view=cube'));
    expect(view).toEqual({ ...PLAIN_VIEW, statuses: ['RUNNING'] });
  });
});

it('asks the same question within a minute, and no text where pictures are ranked', () => {
  const view = { ...PLAIN_VIEW, period: 'hour', text: ' fox ' } as const;
  const now = Date.parse('2026-01-01T12:00:20Z');
  expect(filterOf(view, now)).toEqual({ text: 'fox', createdAfter: '2026-01-01T11:00:00.000Z' });
  expect(filterOf(view, now + 30_000)).toEqual(filterOf(view, now));
  expect(filterOf({ ...view, search: 'picture' }, now)).not.toHaveProperty('text');
});

describe('the selection', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];

  it('extends from where it began, in both directions', () => {
    const from = toggle(NOTHING, 'c');
    expect([...extend(from, 'e', order).ids].sort()).toEqual(['c', 'd', 'e']);
    expect([...extend(from, 'a', order).ids].sort()).toEqual(['a', 'b', 'c']);
  });

  it('starts where its beginning is not shown any more', () => {
    expect([...extend({ ids: new Set(), anchor: 'gone' }, 'b', order).ids]).toEqual(['b']);
  });

  it('forgets what is gone', () => {
    const left = without(selectAll(order), new Set(['a', 'd']));
    expect([...left.ids]).toEqual(['b', 'c', 'e']);
    expect(left.anchor).toBeNull();
  });
});

it('moves in the grid without leaving it', () => {
  expect(moveActive('ArrowDown', 1, 4, 10)).toBe(5);
  expect(moveActive('ArrowDown', 8, 4, 10)).toBe(9);
  expect(moveActive('ArrowUp', 1, 4, 10)).toBe(0);
  expect(moveActive('End', 1, 4, 10)).toBe(9);
  expect(moveActive('x', 1, 4, 10)).toBeNull();
});
