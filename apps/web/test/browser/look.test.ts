// How the session page stands: readable by everybody, within its width on every screen, within its size.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ready, runButton } from './session.ts';
import { chromiumPath, launchBrowser, START_MS, type Studio, startStudio, TEST_MS, visit } from './studio.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Bytes of JavaScript as it travels. */
const MOST_BYTES = 350_000;

const SCREENS = [
  { name: 'a laptop', viewport: { width: 1366, height: 820 } },
  { name: 'a tablet', viewport: { width: 820, height: 1180 } },
  { name: 'a phone', viewport: { width: 390, height: 844 } },
] as const;

describe.skipIf(!chromiumPath)('the session page', { timeout: TEST_MS }, () => {
  let studio: Studio;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio(), launchBrowser()]);
    const { page, context } = await visit(browser, studio.address);
    await page.waitForURL('**/s/**');
    address = page.url();
    await context.close();
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await studio?.close();
  }, START_MS);

  it.each(SCREENS.flatMap((screen) => (['light', 'dark'] as const).map((colorScheme) => ({ ...screen, colorScheme }))))(
    'has nothing that keeps people out on $name, $colorScheme',
    async ({ viewport, colorScheme }) => {
      const { page, context, complaints } = await visit(browser, address, { viewport, colorScheme });
      await ready(page);
      expect(await seriousFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
      const run = await runButton(page).boundingBox();
      expect(run!.y + run!.height).toBeLessThanOrEqual(viewport.height);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('brings little JavaScript, and asks no other host', async () => {
    const { page, context } = await visit(browser, address);
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
    await context.close();
  });

  it('can be found out and used by keyboard alone', async () => {
    const { page, context } = await visit(browser, address);
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
    await context.close();
  });
});

/** What axe finds and calls serious or critical. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (
      window as unknown as {
        axe: {
          run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>;
        };
      }
    ).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}
