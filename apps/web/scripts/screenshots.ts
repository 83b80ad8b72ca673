// Takes the pictures of README and docs from the running product: npm run screenshots -w apps/web
import type { Page } from 'playwright-core';
import { openBrowser } from '../test/browser/support/chromium.ts';
import { startStudio } from '../test/browser/support/studio.ts';
import { type Content, comment, makeContent } from './content.ts';
import { Person } from './person.ts';
import { takePicture } from './picture.ts';

const LAPTOP = { width: 1366, height: 820 };
const TABLET = { width: 820, height: 1180 };
const PHONE = { width: 390, height: 844 };
/** For pages that people scroll. */
const TALL = { width: 1366, height: 1040 };

/** Steps of the run that is seen under way, and where it is taken. */
const SHOWN_FROM = 100;

const pathOf = (kind: 'runs' | 's' | 'sweeps', id: string) => `/${kind}/${encodeURIComponent(id)}`;

async function together(ada: Person, ben: Person, { workspaceId, sessionId }: Content): Promise<void> {
  const { inviteMember } = await ada.ask(
    'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } problem { message } } }',
    { input: { workspaceId, email: 'ben.okafor@example.org', role: 'EDITOR' } },
  );
  await ben.ask(
    'mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { problem { message } } }',
    {
      input: { invitationId: inviteMember.invitation.id },
    },
  );
  // He works in the dark.
  await ben.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await ben.page.goto(pathOf('s', sessionId));
  await online(ben.page);
}

const online = (page: Page) => page.locator('[data-connection="online"]').waitFor({ state: 'attached' });

/** The pointer of one lies on the picture, as the other sees it. */
async function point(who: Person, x: number, y: number, seenBy: Person): Promise<void> {
  const box = (await who.page.locator('[data-stage]').boundingBox())!;
  await who.page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 3 });
  await seenBy.page.locator('[data-cursor]').waitFor();
}

/** The session while a run goes on, light and dark; then its mask, the dialog for links, and narrow screens. */
async function sessionPictures(ada: Person, ben: Person, { sessionId }: Content): Promise<void> {
  const { page } = ada;
  await page.goto(pathOf('s', sessionId));
  await online(page);
  await page.getByLabel('Prompt', { exact: true }).fill('a red apple in the forest at night');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForFunction(
    (from) => Number(document.querySelector('[data-stage]')?.getAttribute('data-step') ?? 0) >= from,
    SHOWN_FROM,
  );
  await point(ben, 0.62, 0.38, ada);
  await takePicture(page, 'session');
  await point(ada, 0.3, 0.2, ben);
  await takePicture(ben.page, 'session-dark');
  await page.locator('[data-run-status="COMPLETED"], [data-run-status="PLATEAU"]').waitFor();

  await page.getByRole('button', { name: 'Paint a mask' }).click();
  for (let i = 0; i < 4; i += 1) await page.keyboard.press(']');
  const box = (await page.locator('[data-stage]').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.12);
  await page.mouse.down();
  for (const [x, y] of [
    [0.9, 0.12],
    [0.9, 0.26],
    [0.12, 0.26],
  ] as const) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 8 });
  }
  await page.mouse.up();
  await page.getByRole('button', { name: 'Keep what is outside the mask' }).click();
  await takePicture(page, 'mask');
  await page.getByRole('button', { name: 'Clear the mask' }).click();
  await page.getByRole('button', { name: 'Close the mask tools' }).click();

  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('list', { name: 'Links' }).waitFor();
  await takePicture(page, 'share');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  for (const [name, size] of [
    ['session-tablet', TABLET],
    ['session-phone', PHONE],
  ] as const) {
    await page.setViewportSize(size);
    await takePicture(page, name);
  }
  await page.setViewportSize(LAPTOP);
}

async function otherPictures({ page }: Person, content: Content): Promise<void> {
  await page.goto('/history');
  await page.waitForFunction(() => {
    const cells = Array.from(document.querySelectorAll('[role=gridcell]'));
    return cells.length > 0 && cells.every((cell) => cell.querySelector('img') !== null);
  });
  await takePicture(page, 'history');

  await page.setViewportSize(TALL);
  await page.goto(`${pathOf('runs', content.apple)}?step=40`);
  await page.locator('main img[data-step="40"]').waitFor();
  await page.getByRole('tab', { name: /Comments/ }).click();
  await page.getByText('The light, I think.').waitFor();
  await takePicture(page, 'run');

  await page.setViewportSize(LAPTOP);
  await page.goto(`/compare?runs=${content.apple},${content.fork}`);
  await page.getByText(/tokens differ/).waitFor();
  await page.locator('main img[data-step]').nth(1).waitFor();
  await takePicture(page, 'compare');

  await page.setViewportSize(TALL);
  await page.goto(pathOf('sweeps', content.sweep));
  await page.locator('table img[data-step]').nth(8).waitFor();
  await takePicture(page, 'sweep');

  await page.setViewportSize(LAPTOP);
  await page.goto('/seeds');
  await page.getByRole('button', { name: /Red apple in a forest/ }).waitFor();
  await takePicture(page, 'seeds');

  await page.goto('/models');
  await page.getByText('Comes with Tessera').first().waitFor();
  await takePicture(page, 'models');
}

const settings = { TESSERA_ACCOUNTS: 'on', TESSERA_SIGN_UP: 'open' };
await using studio = await startStudio(settings);
const browser = await openBrowser();
try {
  const ada = await Person.signUp(browser, studio.address, 'Ada Park', LAPTOP);
  const ben = await Person.signUp(browser, studio.address, 'Ben Okafor', LAPTOP);
  process.stdout.write(`A studio at ${studio.address}; making runs\n`);
  const content = await makeContent(ada);
  await together(ada, ben, content);
  await comment(content, ada, ben);
  await sessionPictures(ada, ben, content);
  await otherPictures(ada, content);
} finally {
  await browser.close();
}
