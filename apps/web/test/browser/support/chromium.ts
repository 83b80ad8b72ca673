// Debian's Chromium for the tests of a file; each page tells what went wrong in it.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env.TESSERA_CHROMIUM ?? '/usr/bin/chromium';

/** Tests of the page are skipped where there is no browser. */
export const hasChromium = existsSync(EXECUTABLE);

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });

export interface View extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the page's scripts, and requests that the server could not answer. */
  readonly faults: readonly string[];
}

export interface ViewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A page of its own, as of another person. Machines are busy: waiting is generous. */
export async function openView(browser: Browser, address: string, options: ViewOptions = {}): Promise<View> {
  const { width = 1280, height = 900, dark = false } = options;
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  return { page, context, faults, [Symbol.asyncDispose]: () => context.close() };
}
