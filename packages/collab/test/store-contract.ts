// What every document store does; adapters in other packages run this suite, too.
import { describe, expect, it } from 'vitest';
import type { DocumentStore } from '../src/index.ts';

export function storeContract(name: string, open: () => Promise<DocumentStore>): void {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const add = (store: DocumentStore, id: string, value: number) =>
    store.append(id, { bytes: bytes(value), userIds: ['ann'] });

  describe(`document store: ${name}`, () => {
    it('an unknown document is an empty one', async () => {
      expect(await (await open()).load('nobody', 0)).toEqual({ snapshot: null, updates: [] });
    });

    it('U3 numbers updates per document, from 1 on', async () => {
      const store = await open();
      expect([await add(store, 'a', 1), await add(store, 'a', 2), await add(store, 'b', 3)]).toEqual([1, 2, 1]);
      const { updates } = await store.load('a', 0);
      expect(updates.map(({ seq, bytes: stored }) => [seq, [...stored]])).toEqual([
        [1, [1]],
        [2, [2]],
      ]);
      expect((await store.load('a', 1)).updates.map(({ seq }) => seq)).toEqual([2]);
    });

    it('U3 gives no number twice and leaves none out when many append at once', async () => {
      const store = await open();
      const seqs = await Promise.all(Array.from({ length: 20 }, (_, i) => add(store, 'a', i)));
      expect([...seqs].sort((x, y) => x - y)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    });

    it('U9 a snapshot replaces the updates it holds; numbers go on', async () => {
      const store = await open();
      for (let i = 1; i <= 5; i += 1) await add(store, 'a', i);
      await store.saveSnapshot('a', { seq: 3, bytes: bytes(9) });
      const all = await store.load('a', 0);
      expect([all.snapshot!.seq, [...all.snapshot!.bytes], all.updates.map(({ seq }) => seq)]).toEqual([
        3,
        [9],
        [4, 5],
      ]);
      expect((await store.load('a', 1)).snapshot?.seq).toBe(3);
      const late = await store.load('a', 4);
      expect([late.snapshot, late.updates.map(({ seq }) => seq)]).toEqual([null, [5]]);
      expect(await add(store, 'a', 6)).toBe(6);
      await store.saveSnapshot('a', { seq: 6, bytes: bytes(8) });
      expect(await add(store, 'a', 7)).toBe(7);
    });

    it('U9 an older snapshot does not replace a newer one', async () => {
      const store = await open();
      for (let i = 1; i <= 5; i += 1) await add(store, 'a', i);
      await store.saveSnapshot('a', { seq: 4, bytes: bytes(4) });
      await store.saveSnapshot('a', { seq: 2, bytes: bytes(2) });
      const { snapshot, updates } = await store.load('a', 0);
      expect([snapshot!.seq, [...snapshot!.bytes], updates.map(({ seq }) => seq)]).toEqual([4, [4], [5]]);
    });
  });
}
