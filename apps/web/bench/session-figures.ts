// The session page: how soon it can be used, how runs stream into it, and what typing feels like meanwhile.
import type { Browser, Page } from 'playwright-core';
import { type Figure, quantile, sum } from './figures.ts';
import { openProbedPage, webAddress } from './probed-page.ts';

/** Sent to the prompt while a run streams; words of the pocket model. */
const TYPED = ' on a sunny day in the snow, on the beach at night';
/** ms between two keys: a fast typist. */
const KEY_MS = 90;
/** Steps that are there before typing begins. */
const TYPING_FROM = 10;

/** From the first request that a started server gets. */
export async function measureSession(browser: Browser, address: string): Promise<readonly Figure[]> {
  const page = await openProbedPage(browser, address);
  const cold = await interactive(page, '/');
  const first = await oneRun(page);
  const typed = await oneRun(page, async () => {
    await page.getByLabel('Prompt', { exact: true }).press('End');
    await page.evaluate(() => probe.keys.splice(0));
    await page.keyboard.type(TYPED, { delay: KEY_MS });
  });
  const { keys } = typed;
  // Presses that were answered within 16 ms are not reported one by one.
  const latencies = [...keys, ...Array.from({ length: Math.max(0, TYPED.length - keys.length) }, () => 16)];
  const memory = await memoryOf(page);
  const used = await scriptsOf(page);
  const url = new URL(page.url()).pathname;
  await page.context().close();
  const again = await openProbedPage(browser, address);
  const warm = await interactive(again, url);
  const scripts = await scriptsOf(again);
  await again.context().close();
  return [
    {
      what: 'Run can be pressed, first visit after the server is ready',
      value: cold,
      unit: 'ms',
      asked: { most: 1500 },
    },
    { what: 'Run can be pressed, a later visit without a cache', value: warm, unit: 'ms', asked: { most: 1500 } },
    {
      what: 'first frame after Run, first run of the server',
      value: first.firstFrame,
      unit: 'ms',
      asked: { most: 2000 },
    },
    { what: 'first frame after Run, second run', value: typed.firstFrame, unit: 'ms', asked: { most: 2000 } },
    { what: 'frames shown in a second', value: first.rate, unit: '/s', asked: { least: 8 }, note: first.note },
    { what: 'frames shown in a second, while somebody types', value: typed.rate, unit: '/s', asked: { least: 8 } },
    { what: 'key to next paint while streaming, median', value: quantile(latencies, 0.5), unit: 'ms' },
    {
      what: 'key to next paint while streaming, 98 %',
      value: quantile(latencies, 0.98),
      unit: 'ms',
      asked: { most: 100 },
    },
    { what: 'tasks over 50 ms while streaming', value: typed.longTasks.length, unit: '' },
    { what: 'longest task while streaming', value: Math.max(0, ...typed.longTasks), unit: 'ms' },
    { what: 'cumulative layout shift while streaming', value: first.shift, unit: '', asked: { most: 0.01 } },
    { what: 'the same, with shifts within 500 ms of an input', value: first.shift + first.shiftAfterInput, unit: '' },
    {
      what: 'JavaScript until Run can be pressed, compressed',
      value: scripts.kilobytes,
      unit: 'kB',
      asked: { most: 350 },
      note: scripts.note,
    },
    { what: 'JavaScript after two runs, compressed', value: used.kilobytes, unit: 'kB', note: used.note },
    { what: 'JavaScript heap of the page after two runs', value: memory.heap, unit: 'MB' },
    { what: 'elements of the page after two runs', value: memory.elements, unit: '' },
  ];
}

/** ms from the request to a Run button that can be pressed. */
async function interactive(page: Page, path: string): Promise<number> {
  const asked = Date.now();
  await page.goto(path);
  await page.waitForFunction(() => probe.runEnabledAt !== null);
  return (await page.evaluate(() => probe.runEnabledAt!)) - asked;
}

/** @param meanwhile done while steps come in */
async function oneRun(page: Page, meanwhile?: () => Promise<void>) {
  await page.evaluate(() => {
    probe.longTasks.length = 0;
    probe.shifts = { counted: 0, afterInput: 0 };
    probe.runPressedAt = null;
  });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForFunction((from) => (probe.frames.at(-1)?.step ?? 0) >= from, TYPING_FROM);
  await meanwhile?.();
  await page.locator('[data-run-status="COMPLETED"], [data-run-status="PLATEAU"]').waitFor({ state: 'attached' });
  const { frames, runPressedAt, longTasks, shifts, keys } = await page.evaluate(() => probe);
  const [begin, end] = [frames[0], frames.at(-1)];
  if (!begin || !end || runPressedAt === null) throw new Error('The run ended, and no frame of it was seen.');
  const steps = Number(await page.locator('[data-transport]').getAttribute('data-steps'));
  return {
    firstFrame: begin.at - runPressedAt,
    rate: (frames.length - 1) / ((end.at - begin.at) / 1000),
    note: `${frames.length} of ${steps} steps in ${((end.at - begin.at) / 1000).toFixed(1)} s`,
    longTasks,
    shift: shifts.counted,
    shiftAfterInput: shifts.afterInput,
    keys,
  };
}

/** As they travelled: names end in .js, sizes are those of the body on the wire. */
async function scriptsOf(page: Page) {
  const entries = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .map(({ name, encodedBodySize, decodedBodySize }) => ({ name, encodedBodySize, decodedBodySize })),
  );
  const encodings = new Set(
    await Promise.all(
      entries.map(async ({ name }) => (await webAddress(name)).headers.get('content-encoding') ?? 'plain'),
    ),
  );
  const [sent, whole] = [sum(entries.map((e) => e.encodedBodySize)), sum(entries.map((e) => e.decodedBodySize))];
  return {
    kilobytes: sent / 1000,
    note: `${entries.length} files, ${[...encodings].join(' and ')}; ${(whole / 1000).toFixed(0)} kB unpacked`,
  };
}

async function memoryOf(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { heap: usedSize / 1e6, elements: await page.evaluate(() => document.querySelectorAll('*').length) };
}
