// How the session page stands: readable by everybody, within its width on every screen, within its size.
import type { Page, Route } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { seriousFindings } from './support/accessible.ts';
import { eventually, ready, runButton, stage } from './support/session-page.ts';
import { withStudio } from './support/with-studio.ts';

/** Bytes of JavaScript as it travels. */
const MOST_BYTES = 350_000;

const SCREENS = [
  { name: 'a laptop', viewport: { width: 1366, height: 820 } },
  { name: 'a tablet', viewport: { width: 820, height: 1180 } },
  { name: 'a phone', viewport: { width: 390, height: 844 } },
] as const;

withStudio('the session page', {}, (studio) => {
  let address: string;

  beforeAll(async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(studio.address);
    await page.waitForURL('**/s/**');
    address = page.url();
  }, 300_000);

  it.each(SCREENS.flatMap((screen) => (['light', 'dark'] as const).map((colorScheme) => ({ ...screen, colorScheme }))))(
    'has nothing that keeps people out on $name, $colorScheme',
    async ({ viewport, colorScheme }) => {
      await using view = await studio.view({ ...viewport, dark: colorScheme === 'dark' });
      const { page } = view;
      await page.goto(address);
      await ready(page);
      expect(await seriousFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
      const run = await runButton(page).boundingBox();
      expect(run!.y + run!.height).toBeLessThanOrEqual(viewport.height);
      expect(view.faults).toEqual([]);
    },
  );

  it('brings little JavaScript, and asks no other host', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(address);
    await ready(page);
    const loaded = await page.evaluate(() =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).map(({ name, encodedBodySize }) => ({
        name,
        encodedBodySize,
      })),
    );
    const scripts = loaded.filter(({ name }) => new URL(name).pathname.endsWith('.js'));
    const bytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    expect(scripts.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(loaded.filter(({ name }) => new URL(name).host !== new URL(address).host)).toEqual([]);
  });

  it('can be found out and used by keyboard alone', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(address);
    await ready(page);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Type a command…').fill('dark');
    await page.keyboard.press('Enter');
    await page.waitForSelector('html[data-theme="dark"]');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('m');
    await page.getByRole('toolbar', { name: 'Mask' }).waitFor();
  });

  it('shows its shape, not the defaults of a document that is not here yet', async () => {
    await using view = await studio.view();
    const { page } = view;
    let letThrough = () => {};
    const gate = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await onSync(page, async (route) => {
      await gate;
      await route.continue();
    });
    await page.goto(address);
    await page.getByRole('status', { name: 'Opening the session' }).waitFor();
    await page.getByLabel('Name of the session').waitFor();
    expect(await runButton(page).count()).toBe(0);
    expect(await page.getByText('No start picture').count()).toBe(0);
    letThrough();
    await ready(page);
    await runButton(page).waitFor();
    expect(await page.getByRole('status', { name: 'Opening the session' }).count()).toBe(0);
  });

  it('says so where the document cannot be had, and opens once it can', async () => {
    await using view = await studio.view();
    const { page } = view;
    await onSync(page, (route) => route.abort('connectionrefused'));
    await page.goto(address);
    const alert = page.getByRole('alert').filter({ hasText: 'The session cannot be reached.' });
    await alert.waitFor();
    expect(await runButton(page).count()).toBe(0);
    await page.unrouteAll();
    await ready(page);
    expect(await alert.count()).toBe(0);
  });

  it.each([
    { width: 768, height: 1024 },
    { width: 820, height: 1180 },
    { width: 1024, height: 768 },
    { width: 1024, height: 1366 },
  ])('keeps picture, tokens, curve and runs together on $width × $height', async (viewport) => {
    await using view = await studio.view(viewport);
    const { page } = view;
    await page.goto(address);
    await ready(page);
    const picture = (await stage(page).boundingBox())!;
    const tokens = (await page.getByRole('region', { name: 'Tokens' }).boundingBox())!;
    const curve = (await page.getByRole('region', { name: 'Curve', exact: true }).boundingBox())!;
    const runs = (await page.getByText('No runs yet').boundingBox())!;
    const run = (await runButton(page).boundingBox())!;
    expect(picture.width).toBeGreaterThan(0.45 * viewport.width);
    // No more room above the picture than below the header's line and its own margin takes, give or take a line.
    expect(picture.y).toBeLessThan(100);
    expect(tokens.y - (picture.y + picture.height)).toBeLessThan(120);
    for (const part of [tokens, curve, runs, run]) expect(part.y + part.height).toBeLessThanOrEqual(viewport.height);
    for (const part of [picture, tokens, curve, runs]) expect(part.x + part.width).toBeLessThanOrEqual(viewport.width);
  });

  it('opens dialogs at what they are for, without a hint over them', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(address);
    await ready(page);
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share this session' });
    await dialog.waitFor();
    await eventually(async () =>
      expect(await dialog.getByRole('button', { name: 'Make a link' }).evaluate(isFocused)).toBe(true),
    );
    expect(await page.getByRole('tooltip').count()).toBe(0);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });

    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    await eventually(async () => expect(await help.evaluate(isFocused)).toBe(true));
    expect(await page.getByRole('tooltip').count()).toBe(0);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
  });
});

const isFocused = (element: Element): boolean => element === document.activeElement;

/** Does something to the requests that bring the shared document. */
function onSync(page: Page, act: (route: Route) => Promise<void>): Promise<unknown> {
  return page.route('**/graphql', (route) =>
    route.request().postData()?.includes('SyncDocument') ? act(route) : route.continue(),
  );
}
