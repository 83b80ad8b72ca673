// The history in a real browser on a real server: finds, filters, selects, changes many at once, stays smooth with 10,000 runs.
import { beforeAll, expect, it } from 'vitest';
import { LOOKS, seriousFindings } from './support/accessible.ts';
import { rawId } from './support/api.ts';
import { withStudio } from './support/with-studio.ts';

/** TESSERA_TEST_RUNS=10000 is the full size. */
const COPIES = Number(process.env.TESSERA_TEST_RUNS ?? 2_000);

withStudio('the history', {}, (studio) => {
  const ids: string[] = [];

  beforeAll(async () => {
    for (const prompt of ['a fox in the snow', 'a whale at the beach', 'a fox at the beach'])
      ids.push(await studio.api.startRun(prompt));
    await studio.api.finished(...ids);
  }, 300_000);

  const cells = '[role=gridcell]';

  it('finds runs by words, and keeps the view in the address', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/history');
    await page.locator(cells).nth(2).waitFor();
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('fox');
    await expect.poll(() => page.locator(cells).count()).toBe(2);
    expect(new URL(page.url()).searchParams.get('q')).toBe('fox');
    await page.getByRole('button', { name: 'Show as a list' }).click();
    await page.reload();
    await expect.poll(() => page.locator(cells).count()).toBe(2);
    expect(await page.getByRole('searchbox', { name: 'Search runs' }).inputValue()).toBe('fox');
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('nothing like it');
    await page.getByText('No run fits.').waitFor();
    await page.getByRole('button', { name: 'Show all runs' }).click();
    await expect.poll(() => page.locator(cells).count()).toBe(3);
    expect(view.faults).toEqual([]);
  });

  it('is used by keyboard alone: move, select, compare', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/history');
    await page.locator(cells).nth(2).waitFor();
    await page.locator(cells).first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText('2 runs selected').waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.waitForURL('**/compare?runs=*');
    expect(new URL(page.url()).searchParams.get('runs')?.split(',')).toEqual([ids[2], ids[1]]);
  });

  it('shows a run that somebody else starts, and its end, without asking again', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/history');
    await page.locator(cells).nth(2).waitFor();
    const id = await studio.api.startRun('a panda in space');
    const cell = page.locator(`${cells}[data-run="${id}"]`);
    await cell.waitFor();
    await page.locator(`${cells}[data-run="${id}"][data-status="COMPLETED"]`).waitFor();
    await expect.poll(() => cell.locator('img').count()).toBe(1);
    ids.push(id);
  });

  it('pins and deletes many at once', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/history?q=whale');
    await page.locator(cells).first().hover();
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await page.getByText('1 run pinned.').waitFor();
    const { run } = await studio.api.ask('query ($id: ID!) { run(id: $id) { pinned } }', { id: ids[1] });
    expect(run.pinned).toBe(true);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('1 run deleted.').waitFor();
    await page.getByText('No run fits.').waitFor();
    await expect(studio.api.ask('query ($id: ID!) { run(id: $id) { id } }', { id: ids[1] })).rejects.toThrow(
      'no such run',
    );
  });

  it(`stays small and shows pictures with ${COPIES} runs`, async () => {
    await studio.copyRun(rawId(ids[0]!), COPIES);
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/history');
    await page.getByText(`${(COPIES + 3).toLocaleString('en')} runs`).waitFor();
    const scroller = page.getByRole('grid', { name: 'Runs' }).locator('..');
    // Down through some pages of the list: what left the view leaves the page, too.
    await expect
      .poll(
        async () => {
          await scroller.evaluate((node) => node.scrollBy(0, 4000));
          return scroller.evaluate((node) => node.scrollTop);
        },
        { timeout: 120_000, interval: 100 },
      )
      .toBeGreaterThan(15_000);
    expect(await page.locator(cells).count()).toBeLessThan(120);
    await page.locator(`${cells} img`).first().waitFor();
    await page.getByRole('searchbox', { name: 'Search runs' }).fill(`copy ${COPIES - 1}`);
    await expect.poll(() => page.locator(cells).count()).toBe(1);
  });

  it.each(LOOKS)('is accessible: %s', async (_, options) => {
    await using view = await studio.view(options);
    const { page } = view;
    await page.goto('/history');
    await page.locator(`${cells} img`).first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByRole('button', { name: 'Show as a list' }).click();
    await page.getByRole('button', { name: /^Filters/ }).click();
    await page.getByText('Pinned only').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
