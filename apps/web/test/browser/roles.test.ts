// A studio with accounts: signing up, sharing a link to look, and what its holder may not do.
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { View } from './support/chromium.ts';
import { eventually, prompt, ready, runButton } from './support/session-page.ts';
import { withStudio } from './support/with-studio.ts';

withStudio('a link to look', { TESSERA_ACCOUNTS: 'on', TESSERA_SIGN_UP: 'open' }, (studio) => {
  let owner: View;
  let guest: View;

  beforeAll(async () => {
    owner = await studio.view();
    await signUp(owner, studio.address, 'Olga Owner');
    await ready(owner.page);
    await prompt(owner.page).fill('a cat on the beach');
    await owner.page.getByRole('button', { name: 'Share' }).click();
    await owner.page.getByRole('button', { name: 'Make a link' }).click();
    const link = await owner.page.getByLabel('The link', { exact: true }).inputValue();
    guest = await studio.view();
    await guest.page.goto(link);
    await guest.page.waitForURL('**/s/**');
    await ready(guest.page);
  }, 300_000);

  it('shows what others write, as they write it', async () => {
    await owner.page.keyboard.press('Escape');
    expect(await prompt(guest.page).inputValue()).toBe('a cat on the beach');
    await prompt(owner.page).fill('a dog on the beach');
    await eventually(async () => expect(await prompt(guest.page).inputValue()).toBe('a dog on the beach'));
  });

  it('lets nothing be changed, and says why', async () => {
    await guest.page.getByText('You may look, not edit.').first().waitFor();
    expect(await prompt(guest.page).getAttribute('readonly')).not.toBeNull();
    await prompt(guest.page).click();
    await guest.page.keyboard.type('changed');
    expect(await runButton(guest.page).getAttribute('aria-disabled')).toBe('true');
    await runButton(guest.page).click({ force: true });
    await guest.page.keyboard.press('Control+Enter');
    await runButton(guest.page).focus();
    await guest.page.getByText('You may look, not run.').first().waitFor();
    await guest.page.getByRole('button', { name: 'Share' }).click({ force: true });
    expect(await guest.page.getByRole('dialog').count()).toBe(0);
    expect(await prompt(owner.page).inputValue()).toBe('a dog on the beach');
    await guest.page.getByText('No runs yet').waitFor();
  });

  it('and a member: the history shows whose runs are asked for', async () => {
    await using ben = await studio.view();
    await signUp(ben, studio.address, 'Ben Okafor');
    const { viewer } = await ask(owner.page, '{ viewer { workspaces { id seeds(first: 1) { nodes { id } } } } }');
    const [{ id: workspaceId, seeds }] = viewer.workspaces;
    const { inviteMember } = await ask(
      owner.page,
      'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } problem { message } } }',
      { input: { workspaceId, email: emailOf('Ben Okafor'), role: 'EDITOR' } },
    );
    await ask(
      ben.page,
      'mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { problem { message } } }',
      { input: { invitationId: inviteMember.invitation.id } },
    );
    const start = (who: Page, prompt: string) =>
      ask(who, 'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } problem { message } } }', {
        input: {
          workspaceId,
          seedId: seeds.nodes[0].id,
          plan: { preset: 'POCKET', iterations: 4, objectives: [{ kind: 'CLIP', prompt }], start: { kind: 'SEED' } },
        },
      });
    await start(owner.page, 'a cat on the beach');
    await start(ben.page, 'a fox in the snow');
    const page = await owner.context.newPage();
    await page.goto('/history');
    const cells = page.getByRole('gridcell');
    await eventually(async () => expect(await cells.count()).toBe(2));
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('combobox', { name: 'Started by' }).press('Enter');
    await page.getByRole('option', { name: 'Ben Okafor' }).press('Enter');
    await eventually(async () => expect(await cells.count()).toBe(1));
    expect(await cells.first().textContent()).toContain('a fox in the snow');
    expect(new URL(page.url()).searchParams.get('person')).not.toBeNull();
    await page.reload();
    await eventually(async () => expect(await cells.count()).toBe(1));
    await page.close();
  });

  it('shows what others comment, though its holder is not told of the workspace’s changes', async () => {
    const sessionId = decodeURIComponent(new URL(owner.page.url()).pathname.slice('/s/'.length));
    const { session } = await ask(
      owner.page,
      'query ($id: ID!) { session(id: $id) { workspace { id seeds(first: 1) { nodes { id } } } } }',
      { id: sessionId },
    );
    const { id: workspaceId, seeds } = session.workspace;
    const plan = {
      preset: 'POCKET',
      iterations: 4,
      objectives: [{ kind: 'CLIP', prompt: 'a cat' }],
      start: { kind: 'SEED' },
    };
    const { startRun } = await ask(
      owner.page,
      'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } problem { message } } }',
      { input: { workspaceId, sessionId, seedId: seeds.nodes[0].id, plan } },
    );
    const page = await guest.context.newPage();
    // The link is of the tab in which it was opened.
    const share = await guest.page.evaluate(() => sessionStorage.getItem('tessera.share'));
    await page.clock.install();
    await page.addInitScript((token) => sessionStorage.setItem('tessera.share', token!), share);
    await page.goto(guest.page.url());
    await ready(page);
    await page.locator('[data-run-row]').first().waitFor();
    await page.getByRole('tab', { name: 'Comments', exact: true }).click();
    await page.getByText('Nobody has commented yet.').waitFor();
    const comment = (body: string) =>
      ask(owner.page, 'mutation ($input: AddCommentInput!) { addComment(input: $input) { problem { message } } }', {
        input: { workspaceId, sessionId, runId: startRun.run.id, body },
      });
    await comment('Too red for a cat');
    await eventually(async () => {
      await page.clock.fastForward(5_000);
      expect(await page.getByText('Too red for a cat').count()).toBe(1);
    });
    await page.getByRole('tab', { name: 'Comments 1' }).waitFor();
    await comment('And so round');
    await eventually(async () => {
      await page.clock.fastForward(5_000);
      expect(await page.getByText('And so round').count()).toBe(1);
    });
    await page.close();
  });

  it('is over once it is taken back', async () => {
    await owner.page.getByRole('button', { name: 'Share' }).click();
    await owner.page.getByRole('button', { name: 'Take back' }).click();
    await eventually(async () => expect(await owner.page.getByRole('button', { name: 'Take back' }).count()).toBe(0));
    await guest.page.reload();
    await guest.page.getByText(/did not open|is not here/).waitFor();
  });
});

const emailOf = (name: string): string => `${name.toLowerCase().replaceAll(' ', '.')}@example.org`;

async function signUp({ page }: View, address: string, name: string): Promise<void> {
  await page.goto(address);
  await page.waitForURL('**/sign-in');
  await page.getByRole('button', { name: 'I have no account yet' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(emailOf(name));
  await page.getByLabel('Password').fill('a long and quiet password');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.waitForURL('**/s/**');
}

/** GraphQL in the name of who is signed in there. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by the test
const ask = (page: Page, query: string, variables: object = {}): Promise<any> =>
  page.evaluate(
    async ([body, token]) => {
      const answer = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${localStorage.getItem(token)}` },
        body,
      });
      const { data, errors } = await answer.json();
      const payload = Object.values(data ?? {})[0] as { readonly problem?: { readonly message: string } | null } | null;
      const message = errors?.[0].message ?? payload?.problem?.message;
      if (message) throw new Error(message);
      return data;
    },
    [JSON.stringify({ query, variables }), 'tessera.token'] as const,
  );
