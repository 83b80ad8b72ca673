// The built page names its documents: it works on a server that takes no others, and never sends a text.
import { expect, it } from 'vitest';
import { ended, makeItShort, ready, runButton } from './support/session-page.ts';
import { withStudio } from './support/with-studio.ts';

interface Sent {
  readonly query?: string;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: string } };
}

withStudio('documents by id', { TESSERA_DOCUMENTS: 'known' }, (studio) => {
  it('are all that a page sends, over HTTP and the socket, and they are enough for a run and its history', async () => {
    const http: Sent[] = [];
    const socket: Sent[] = [];
    const refused: string[] = [];
    await using view = await studio.view();
    const { page } = view;
    page.on('request', (request) => {
      if (request.url().endsWith('/graphql') && request.method() === 'POST') http.push(request.postDataJSON() as Sent);
    });
    page.on('response', (response) => {
      if (response.url().endsWith('/graphql') && response.status() >= 400) refused.push(String(response.status()));
    });
    page.on('websocket', (opened) => {
      opened.on('framesent', ({ payload }) => {
        const message = JSON.parse(String(payload)) as { readonly type: string; readonly payload: Sent };
        if (message.type === 'subscribe') socket.push(message.payload);
      });
      opened.on('framereceived', ({ payload }) => {
        const { type } = JSON.parse(String(payload)) as { readonly type: string };
        if (type === 'error') refused.push(String(payload));
      });
    });
    await page.goto(studio.address);
    await page.waitForURL('**/s/**');
    await ready(page);
    await makeItShort(page, 4);
    await runButton(page).click();
    await ended(page);
    for (const path of ['/history', '/seeds', '/models', '/sweeps']) {
      await page.goto(studio.address + path);
      await page.waitForLoadState('networkidle');
    }
    expect([http.length > 5, socket.length > 3]).toEqual([true, true]);
    for (const { query, extensions } of [...http, ...socket]) {
      expect(query ?? '').toBe('');
      expect(extensions?.persistedQuery?.sha256Hash).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(refused).toEqual([]);
    expect(view.faults).toEqual([]);
    const foreign = await page.evaluate(async () => {
      const body = JSON.stringify({ query: '{ studio { version } }' });
      const answer = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return ((await answer.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;
    });
    expect(foreign).toBe('FORBIDDEN');
  });
});
