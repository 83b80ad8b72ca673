// Accounts on a real server: who may make one, what a token opens, and that a token that ends closes its sockets.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShareLink, revokeShareLink } from '@tessera/db';
import { CLOSE_CODES, SHARE_ACCESS } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './support/client.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let world: TestServer;
const folder = mkdtempSync(join(tmpdir(), 'tessera-accounts-'));

beforeAll(async () => {
  // One document that everybody may send.
  const text = 'query Version { studio { version } }';
  const documents = join(folder, 'documents.json');
  writeFileSync(documents, JSON.stringify({ [createHash('sha256').update(text).digest('hex')]: text }));
  world = await startTestServer({
    TESSERA_ACCOUNTS: 'on',
    TESSERA_ORIGINS: 'https://studio.example.org',
    TESSERA_DOCUMENTS: 'known',
    TESSERA_DOCUMENTS_FILE: documents,
    TESSERA_LIMITS: JSON.stringify({ tokenRecheckSeconds: 0.3, signInsPerMinute: 8, requestsPerMinute: 40 }),
  });
}, 120_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const PASSWORD = 'correct horse battery staple';
let tokenOfAda = '';

async function auth(
  path: string,
  body: object,
  token?: string,
): Promise<{ status: number; token: string | null; text: string }> {
  const response = await fetch(`${world.origin}/api/auth/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: 'https://studio.example.org',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, token: response.headers.get('set-auth-token'), text: await response.text() };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const WHO = '{ viewer { kind user { name } workspaces { id name role } } }';

describe('accounts', () => {
  it('the first person may come in, others only by invitation', async () => {
    const ada = await auth('sign-up/email', { name: 'Ada', email: 'ada@example.org', password: PASSWORD });
    expect(ada.status).toBe(200);
    tokenOfAda = ada.token!;
    const eve = { name: 'Eve', email: 'eve@example.org', password: PASSWORD };
    expect((await auth('sign-up/email', eve)).status).toBe(403);
    const { body } = await world.query({ query: WHO }, bearer(tokenOfAda));
    expect(body.data.viewer).toMatchObject({ kind: 'ACCOUNT', user: { name: 'Ada' }, workspaces: [{ role: 'OWNER' }] });
    const invited = await world.query(
      {
        query:
          'mutation I($i: InviteMemberInput!) { inviteMember(input: $i) { invitation { id } problem { message } } }',
        variables: { i: { workspaceId: body.data.viewer.workspaces[0].id, email: 'eve@example.org', role: 'EDITOR' } },
      },
      bearer(tokenOfAda),
    );
    expect(invited.body.data.inviteMember.problem).toBeNull();
    expect((await auth('sign-up/email', eve)).status).toBe(200);
  });

  it('a token that is not valid opens nothing, on both transports; a cookie alone opens nothing', async () => {
    const wrong = await world.query({ query: WHO }, bearer('nonsense'));
    expect([wrong.status, wrong.body.errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const client = await Client.open(world.port);
    client.send({ type: 'connection_init', payload: { token: 'nonsense' } });
    expect((await client.closed).code).toBe(CLOSE_CODES.forbidden.code);
    const cookie = { cookie: `better-auth.session_token=${encodeURIComponent(tokenOfAda)}` };
    const byCookie = await world.query({ query: WHO }, cookie);
    expect(byCookie.body.data?.viewer.user ?? null).toBeNull();
    const socket = await Client.connect(world.port, {}, { headers: cookie });
    const [answer] = await socket.run('{ __typename }');
    expect(answer).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
    socket.close();
  });

  it('who is not signed in may send no documents of their own', async () => {
    const { body } = await world.query({ query: '{ __typename }' });
    expect(body.errors[0].extensions.code).toBe('FORBIDDEN');
  });

  it('4403 closes the live sockets of a token that was signed out', async () => {
    const { token } = await auth('sign-in/email', { email: 'ada@example.org', password: PASSWORD });
    const client = await Client.connect(world.port, { token });
    expect((await client.run('{ viewer { kind } }'))[0]!.payload).toMatchObject({
      data: { viewer: { kind: 'ACCOUNT' } },
    });
    await auth('sign-out', {}, token!);
    expect((await client.closed).code).toBe(CLOSE_CODES.forbidden.code);
  });

  it('4401 closes the live sockets of a token that expires', async () => {
    const { text, token } = await auth('sign-in/email', { email: 'ada@example.org', password: PASSWORD });
    const raw = (JSON.parse(text) as { token: string }).token;
    await world.database.client.session.update({
      where: { token: raw },
      data: { expiresAt: new Date(Date.now() + 1_500) },
    });
    const client = await Client.connect(world.port, { token });
    expect((await client.closed).code).toBe(CLOSE_CODES.unauthorized.code);
  });

  it('4403 closes the live sockets of a share link that is revoked', async () => {
    expect(SHARE_ACCESS).toContain('view');
    const { id: workspaceId } = (await world.database.client.workspace.findFirst())!;
    const { id: createdById } = (await world.database.client.user.findFirst())!;
    const { link, token } = await createShareLink(world.database, { workspaceId, access: 'view', createdById });
    const client = await Client.connect(world.port, { share: token });
    await revokeShareLink(world.database, workspaceId, link.id);
    expect((await client.closed).code).toBe(CLOSE_CODES.forbidden.code);
  });

  it('counts requests per user and attempts to sign in per address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => world.query({ query: '{ __typename }' }, bearer(tokenOfAda))),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]!.body.errors[0].extensions.code).toBe('RATE_LIMITED');
    const guesses = [];
    for (let i = 0; i < 12; i++)
      guesses.push((await auth('sign-in/email', { email: 'ada@example.org', password: `guess number ${i}` })).status);
    expect(guesses.at(-1)).toBe(429);
  });
});
