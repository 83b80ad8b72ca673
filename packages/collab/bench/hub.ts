// How soon a change of one peer is at the others: 8 peers on one hub, in memory, or over Redis with an address as argument.
import { openBus } from '@tessera/bus';
import { addStroke, DocumentHub, DocumentPeer, MemoryDocumentStore, rootsOf, type Stroke } from '../src/index.ts';

const redisUrl = process.argv[2];
const CHANGES = 300;
const PEERS = 8;

await using bus = await openBus(redisUrl ? { redisUrl, prefix: `bench-${process.pid}` } : {});
const store = new MemoryDocumentStore();
await using hub = new DocumentHub({ store, live: bus.live, authorise: () => true });
const actor = { userId: 'bench' };
const peers = await Promise.all(
  Array.from({ length: PEERS }, async () => {
    const peer = new DocumentPeer();
    await peer.connect({
      sync: (vector) => hub.sync('doc', actor, vector),
      push: async (update) => ({ type: 'stored', seq: await hub.push('doc', actor, update) }),
      updates: (after) => hub.updates('doc', actor, { after }),
    });
    return peer;
  }),
);

const sent = new Map<string, number>();
const delays: number[] = [];
peers.forEach(({ doc }, i) => {
  rootsOf(doc).strokes.observe((event) => {
    for (const { insert } of event.changes.delta) {
      if (!Array.isArray(insert)) continue;
      for (const { id } of insert as Stroke[]) {
        if (!id.startsWith(`p${i}-`)) delays.push(performance.now() - sent.get(id)!);
      }
    }
  });
});
const cpu = process.cpuUsage();
const start = performance.now();
for (let n = 0; n < CHANGES; n += 1) {
  const i = n % PEERS;
  const id = `p${i}-${n}`;
  sent.set(id, performance.now());
  const points = Array.from({ length: 100 }, (_, k) => k / 128);
  addStroke(peers[i]!.doc, { id, author: 'bench', mode: 'add', size: 0.1, softness: 0.5, points }, null);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
while (delays.length < CHANGES * (PEERS - 1)) await new Promise((resolve) => setTimeout(resolve, 5));
const took = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
delays.sort((a, b) => a - b);
console.table({
  [`${bus.kind}, ${PEERS} peers, ${CHANGES} strokes of 50 points`]: {
    'p50 ms': Number(delays[Math.floor(delays.length / 2)]!.toFixed(1)),
    'p95 ms': Number(delays[Math.floor(delays.length * 0.95)]!.toFixed(1)),
    rows: (await store.load('doc', 0)).updates.length + ((await store.load('doc', 0)).snapshot?.seq ?? 0),
    'cpu %': Math.round((user + system) / 10 / took),
  },
});
for (const peer of peers) peer.destroy();
