// How the session page stands: readable by everybody, within its width on every screen, within its size.
import { beforeAll, expect, it } from 'vitest';
import { seriousFindings } from './support/accessible.ts';
import { ready, runButton } from './support/session-page.ts';
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
});
