// The list of models in a real browser on a real server: what is there, and how to get the rest.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './support/accessible.ts';
import { hasChromium, openBrowser, openView } from './support/chromium.ts';
import { type Studio, startStudio } from './support/studio.ts';

describe.skipIf(!hasChromium)('the models', { timeout: 300_000 }, () => {
  let studio: Studio;
  let browser: Browser;

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio(), openBrowser()]);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await studio?.[Symbol.asyncDispose]();
  });

  it('says which are there and gives the command for the others', async () => {
    await using view = await openView(browser, studio.address);
    const { page } = view;
    await page.goto('/models');
    const pocket = page.getByRole('listitem').filter({ hasText: 'Pocket tokenizer' });
    await pocket.getByText('Comes with Tessera').waitFor();
    expect(await pocket.textContent()).toContain('32 tokens of 4,096');
    const large = page.getByRole('listitem').filter({ hasText: 'VQ-LL-32' });
    await large.getByRole('button', { name: 'Copy the command' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npm run tessera -- models pull vq-ll-32');
    expect(view.faults).toEqual([]);
  });

  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['narrow', { width: 390, height: 800 }],
  ] as const)('is accessible: %s', async (_, options) => {
    await using view = await openView(browser, studio.address, options);
    const { page } = view;
    await page.goto('/models');
    await page.getByText('Comes with Tessera').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
