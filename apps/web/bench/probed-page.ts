// A fresh browser window that notes its own times.
import type { Browser, Page } from 'playwright-core';
import { installProbe } from './probe.ts';

/** ms; a figure may be bad, it should still be printed. */
const PATIENCE_MS = 180_000;

export async function openProbedPage(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1366, height: 820 } });
  context.setDefaultTimeout(PATIENCE_MS);
  // The compiler of this command marks functions with their names; a page has no such helper.
  await context.addInitScript({ content: 'globalThis.__name = (value) => value;' });
  await context.addInitScript(installProbe);
  return context.newPage();
}

/** A file as browsers ask for it. */
export const webAddress = (address: string): Promise<Response> =>
  fetch(address, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
