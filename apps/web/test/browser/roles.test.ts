// A studio with accounts: signing up, sharing a link to look, and what its holder may not do.
import { beforeAll, expect, it } from 'vitest';
import type { View } from './support/chromium.ts';
import { eventually, prompt, ready, runButton } from './support/session-page.ts';
import { withStudio } from './support/with-studio.ts';

withStudio('a link to look', { TESSERA_ACCOUNTS: 'on', TESSERA_SIGN_UP: 'open', TESSERA_WORKER: 'off' }, (studio) => {
  let owner: View;
  let guest: View;

  beforeAll(async () => {
    owner = await studio.view();
    await owner.page.goto(studio.address);
    await owner.page.waitForURL('**/sign-in');
    await owner.page.getByRole('button', { name: 'I have no account yet' }).click();
    await owner.page.getByLabel('Name').fill('Olga Owner');
    await owner.page.getByLabel('Email').fill('olga@example.org');
    await owner.page.getByLabel('Password').fill('a long and quiet password');
    await owner.page.getByRole('button', { name: 'Make the account' }).click();
    await owner.page.waitForURL('**/s/**');
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

  it('is over once it is taken back', async () => {
    await owner.page.getByRole('button', { name: 'Share' }).click();
    await owner.page.getByRole('button', { name: 'Take back' }).click();
    await eventually(async () => expect(await owner.page.getByRole('button', { name: 'Take back' }).count()).toBe(0));
    await guest.page.reload();
    await guest.page.getByText(/did not open|is not here/).waitFor();
  });
});
