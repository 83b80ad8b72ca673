// A `describe` whose tests share one studio and one browser. It is skipped where there is no browser.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { Api } from './api.ts';
import { hasChromium, openBrowser, openView, type View, type ViewOptions } from './chromium.ts';
import { type Studio, startStudio } from './studio.ts';

/** ms for a start, which may build the page, and for a test; both take seconds on quiet cores. */
const PATIENCE_MS = 300_000;

/** What the tests are given; it can be used once they run. */
export interface SharedStudio extends Pick<Studio, 'address' | 'copyRun'> {
  readonly api: Api;
  /** A window of its own, as of another person. */
  view(options?: ViewOptions): Promise<View>;
}

/** `environment`: of the server, beside what all tests need. Switch off what the tests do without. */
export function withStudio(
  name: string,
  environment: Readonly<Record<string, string>>,
  tests: (studio: SharedStudio) => void,
): void {
  describe.skipIf(!hasChromium)(name, { timeout: PATIENCE_MS }, () => {
    let studio: Studio;
    let browser: Browser;

    beforeAll(async () => {
      [studio, browser] = await Promise.all([startStudio(environment), openBrowser()]);
    }, PATIENCE_MS);

    afterAll(async () => {
      await browser?.close();
      await studio?.[Symbol.asyncDispose]();
    }, PATIENCE_MS);

    tests({
      get address() {
        return studio.address;
      },
      get api() {
        return new Api(studio.address);
      },
      copyRun: (runId, count) => studio.copyRun(runId, count),
      view: (options) => openView(browser, studio.address, options),
    });
  });
}
