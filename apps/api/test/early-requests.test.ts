// Requests between listening and being ready, on a real HTTP server.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { holdRequests } from '../src/server/early-requests.ts';

it('a request that comes too early is answered with its body once the server is ready, and later ones at once', async () => {
  const server = createServer();
  const early = holdRequests(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ask = (body: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: 'POST', body });
  let answered = 0;
  const first = ask('first').finally(() => answered++);
  await once(server, 'request');
  const second = ask('second').finally(() => answered++);
  await once(server, 'request');
  expect(answered).toBe(0);
  early.release((request, response) => void request.pipe(response));
  expect(await Promise.all([first, second].map(async (one) => (await one).text()))).toEqual(['first', 'second']);
  expect(await (await ask('third')).text()).toBe('third');
  server.close();
  server.closeAllConnections();
});
