// Debian's Chromium for the tests of a file; each page tells what went wrong in it.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Debian and others put it; TESSERA_CHROMIUM names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executable = [process.env.TESSERA_CHROMIUM ?? '', ...PLACES].find((path) => path && existsSync(path));

/** Tests of the page are skipped where there is no browser. */
export const hasChromium = executable !== undefined;

if (!hasChromium) {
  process.stderr.write(
    'No chromium was found: the browser tests are skipped. Install Debian’s, or set TESSERA_CHROMIUM.\n',
  );
}

/** ms for what a person waits for; generous, because machines that run tests are busy. */
export const PATIENCE_MS = 60_000;

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

export function openBrowser(): Promise<Browser> {
  if (!executable) throw new Error('No chromium was found; install it, or set TESSERA_CHROMIUM.');
  return chromium.launch({ executablePath: executable, args: ARGUMENTS });
}

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

/** A page of its own, as of another person. */
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
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  return { page, context, faults, [Symbol.asyncDispose]: () => context.close() };
}
