// What a person sees and does on the session page, in words of the tests.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE_MS } from './chromium.ts';

export const prompt = (page: Page): Locator => page.getByLabel('Prompt', { exact: true });
export const stage = (page: Page): Locator => page.locator('[data-stage]');
export const status = (page: Page): Locator => page.locator('[data-run-status]');
export const runButton = (page: Page): Locator => page.getByRole('button', { name: 'Run', exact: true });

/** The session is here: its document was loaded and the live connection stands. */
export async function ready(page: Page): Promise<void> {
  await page.waitForSelector('[data-connection="online"]', { state: 'attached', timeout: PATIENCE_MS });
  await eventually(async () => expect((await prompt(page).inputValue()).length).toBeGreaterThan(0));
}

/** Tries until it holds; the last failure is told. */
export async function eventually(check: () => Promise<void>, ms = PATIENCE_MS): Promise<void> {
  const until = Date.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (failure) {
      if (Date.now() > until) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export async function setNumber(page: Page, label: string, value: number): Promise<void> {
  const field = page.getByRole('spinbutton', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
  await eventually(async () => expect(await field.getAttribute('aria-valuenow')).toBe(String(value)));
}

/** A short run of the plain preset. */
export async function makeItShort(page: Page, steps: number): Promise<void> {
  await page.getByRole('button', { name: 'Plain', exact: true }).click();
  await setNumber(page, 'Steps', steps);
}

export interface Seen {
  readonly run: string | null;
  readonly step: number;
  readonly tokens: string;
}

/** The run, step and tokens that the page shows now. */
export async function seen(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const stage = document.querySelector('[data-stage]');
    const stones = Array.from(document.querySelectorAll('[data-position]'), (stone) =>
      stone.getAttribute('data-token'),
    );
    return {
      run: stage?.getAttribute('data-run') ?? null,
      step: Number(stage?.getAttribute('data-step') ?? -1),
      tokens: stones.join(' '),
    };
  });
}

/** Steps of the shown run that are here, and the number of the last one. */
export async function stepsHere(page: Page): Promise<{ readonly count: number; readonly last: number }> {
  const transport = page.locator('[data-transport]');
  return {
    count: Number(await transport.getAttribute('data-steps')),
    last: Number(await transport.getAttribute('data-last-step')),
  };
}

export async function ended(page: Page): Promise<void> {
  await page.waitForSelector('[data-run-status="COMPLETED"]', { timeout: 2 * PATIENCE_MS });
}
