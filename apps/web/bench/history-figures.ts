// The history with many stored runs: how soon it is there, and whether scrolling keeps up with the screen.
import type { Browser, Page } from 'playwright-core';
import { type Figure, quantile } from './figures.ts';
import { openProbedPage } from './probed-page.ts';

/** Frames of the screen in a second. */
const SCREEN = 60;
const WHEEL = { px: 400, everyMs: 40, times: 150 } as const;
/** ms that show what the machine does with a page that does nothing. */
const STILL_MS = 3_000;

export async function measureHistory(browser: Browser, address: string, runs: number): Promise<readonly Figure[]> {
  const page = await openProbedPage(browser, address);
  const asked = Date.now();
  await page.goto('/history');
  await page.locator('[role=gridcell]').first().waitFor();
  const opened = Date.now() - asked;
  await page.locator('[role=gridcell] img').first().waitFor();
  const still = await beats(page, () => page.waitForTimeout(STILL_MS));
  let elements = 0;
  let cells = 0;
  const count = async () => {
    const now = await page.evaluate(() => [
      document.querySelectorAll('*').length,
      document.querySelectorAll('[role=gridcell]').length,
    ]);
    elements = Math.max(elements, now[0]!);
    cells = Math.max(cells, now[1]!);
  };
  await page.evaluate(() => probe.longTasks.splice(0));
  await page.locator('[role=gridcell]').first().hover();
  const scrolled = await beats(page, async () => {
    for (let i = 0; i < WHEEL.times; i += 1) {
      await page.mouse.wheel(0, WHEEL.px);
      await page.waitForTimeout(WHEEL.everyMs);
      if (i % 15 === 14) await count();
    }
  });
  const { longTasks, top } = await page.evaluate(() => ({
    longTasks: probe.longTasks,
    top: document.querySelector('[role=grid]')?.parentElement?.scrollTop ?? 0,
  }));
  await page.context().close();
  const many = runs.toLocaleString('en');
  return [
    { what: `history of ${many} runs: first cards`, value: opened, unit: 'ms' },
    { what: 'frames dropped, page at rest (the machine itself)', value: still.dropped, unit: '%' },
    {
      what: 'frames dropped while scrolling',
      value: scrolled.dropped,
      unit: '%',
      note: `${top.toFixed(0)} px in ${scrolled.seconds.toFixed(1)} s`,
    },
    { what: 'frame while scrolling, median', value: scrolled.median, unit: 'ms' },
    { what: 'frame while scrolling, 98 %', value: scrolled.late, unit: 'ms' },
    { what: 'tasks over 50 ms while scrolling', value: longTasks.length, unit: '' },
    { what: 'elements of the page, most', value: elements, unit: '', asked: { most: 3_000 } },
    { what: 'runs in the page, most', value: cells, unit: '', asked: { most: 120 } },
  ];
}

/** The browser's frames while something is done. */
async function beats(page: Page, work: () => Promise<void>) {
  await page.evaluate(() => {
    probe.beats.length = 0;
    probe.beat = true;
  });
  await work();
  const times = await page.evaluate(() => {
    probe.beat = false;
    return probe.beats;
  });
  const seconds = times.reduce((total, ms) => total + ms, 0) / 1000;
  return {
    seconds,
    dropped: 100 * Math.max(0, 1 - times.length / (seconds * SCREEN)),
    median: quantile(times, 0.5),
    late: quantile(times, 0.98),
  };
}
