// Comparisons and sweeps in a real browser on a real server: one slider, token differences, merging, a grid.
import { beforeAll, expect, it } from 'vitest';
import { LOOKS, seriousFindings } from './support/accessible.ts';
import { rawId } from './support/api.ts';
import { withStudio } from './support/with-studio.ts';

withStudio('comparisons', {}, (studio) => {
  let [a, b]: [string, string] = ['', ''];

  beforeAll(async () => {
    [a, b] = [await studio.api.startRun('a fox in the snow', 8), await studio.api.startRun('a whale at the beach', 12)];
    await studio.api.finished(a, b);
  }, 300_000);

  it('moves both runs with one slider; a shorter one stays at its end', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/compare?runs=${a},${b}`);
    await page.locator('main img[data-step="11"]').waitFor();
    await page.locator('main img[data-step="7"]').waitFor();
    await page.getByRole('slider', { name: 'Step of all runs' }).press('Home');
    await expect.poll(() => page.locator('main img[data-step="0"]').count()).toBe(2);
    await page.getByRole('button', { name: 'Give each its own step' }).click();
    await page.getByRole('slider', { name: 'Step of a fox in the snow' }).press('End');
    await page.locator('main img[data-step="7"]').waitFor();
    await page.locator('main img[data-step="0"]').waitFor();
    expect(decodeURIComponent(page.url())).toContain(`runs=${a}@7,${b}@0`);
    for (const how of ['Swipe', 'Difference']) {
      await page.getByRole('button', { name: how }).click();
      await expect.poll(() => page.locator('main img').count()).toBe(2);
    }
    expect(view.faults).toEqual([]);
  });

  it('lays their curves over each other; each can be hidden, a click shows its step', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/compare?runs=${a},${b}`);
    const curves = page.getByRole('region', { name: 'Curves' });
    await curves
      .getByRole('img', { name: 'Loss of A a fox in the snow, B a whale at the beach over the steps' })
      .waitFor();
    const legend = curves.getByRole('list', { name: 'Runs of the curves' }).getByRole('button');
    await expect
      .poll(() => legend.allTextContents())
      .toEqual([expect.stringMatching(/-?\d/), expect.stringMatching(/-?\d/)]);
    const colours = await legend
      .locator('span:first-child')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).borderTopColor));
    expect(new Set(colours).size).toBe(2);
    const plot = curves.locator('.u-over');
    const box = (await plot.boundingBox())!;
    await plot.click({ position: { x: 4, y: box.height / 2 } });
    const slider = page.getByRole('slider', { name: 'Step of all runs' });
    await expect.poll(() => slider.getAttribute('aria-valuenow'), { timeout: 30_000 }).toBe('0');
    await legend.first().press('Enter');
    await curves.getByRole('img', { name: 'Loss of B a whale at the beach over the steps' }).waitFor();
    expect(view.faults).toEqual([]);
  });

  it('starts a run with tokens of both', async () => {
    const { stepDiff } = await studio.api.ask(
      'query ($before: StepInput!, $after: StepInput!) { stepDiff(before: $before, after: $after) { positions { position before after } } }',
      { before: { runId: a, step: 7 }, after: { runId: b, step: 11 } },
    );
    const [first, second] = stepDiff.positions;
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/compare?runs=${a},${b}`);
    for (const { position, before, after } of [first, second]) {
      await page
        .getByRole('button', { name: `Position ${position} ${before} in A, ${after} in B`, exact: true })
        .click();
    }
    await page.getByRole('button', { name: 'Start merged run' }).click();
    await page.waitForURL('**/runs/*');
    const merged = decodeURIComponent(new URL(page.url()).pathname.slice('/runs/'.length));
    const { run } = await studio.api.ask('query ($id: ID!) { run(id: $id) { forkStep parent { id } } }', {
      id: merged,
    });
    expect(run).toEqual({ forkStep: 7, parent: { id: a } });
    await studio.api.ask('mutation ($input: CancelRunInput!) { cancelRun(input: $input) { problem { message } } }', {
      input: { runId: merged },
    });
  });

  it('lets people choose where no run is named', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/compare');
    await page.getByRole('button', { name: 'a fox in the snow' }).first().click();
    await page.getByRole('button', { name: 'a whale at the beach' }).first().click();
    await page.getByRole('button', { name: 'Compare 2 runs' }).click();
    await page.getByRole('slider', { name: 'Step of all runs' }).waitFor();
  });

  it('lets people choose among all runs: more as they scroll, or by words', async () => {
    await studio.copyRun(rawId(a), 60);
    await using view = await studio.view({ width: 390, height: 800 });
    const { page } = view;
    await page.goto('/compare');
    const runs = page.getByRole('list', { name: 'Runs', exact: true }).getByRole('button');
    await expect.poll(() => runs.count(), { timeout: 30_000 }).toBe(24);
    expect(await seriousFindings(page)).toEqual([]);
    const compare = page.getByRole('button', { name: /^Compare/ });
    expect(await compare.getAttribute('aria-disabled')).toBe('true');
    await expect
      .poll(
        async () => {
          await runs.last().scrollIntoViewIfNeeded();
          await page.mouse.wheel(0, 2_000);
          return page.getByRole('button', { name: 'copy 59', exact: true }).count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    const titles = await runs.allTextContents();
    expect(new Set(titles.filter((title) => title.startsWith('copy'))).size).toBe(60);
    await page.getByRole('button', { name: 'copy 59', exact: true }).click();
    const search = page.getByRole('searchbox', { name: 'Search runs' });
    await search.fill('zebra');
    await page.getByText('No run has these words.').waitFor();
    await search.fill('whale');
    await expect.poll(() => runs.allTextContents(), { timeout: 30_000 }).toEqual(['a whale at the beach']);
    await runs.first().click();
    // What was chosen before the search stays chosen.
    await page.getByText('2 chosen').waitFor();
    await page.getByRole('button', { name: 'Compare 2 runs' }).click();
    await page.getByRole('link', { name: 'copy 59' }).first().waitFor();
    expect(view.faults).toEqual([]);
  });

  it('makes a sweep and shows it as a grid under one slider', async () => {
    await using view = await studio.view();
    const { page } = view;
    const { sessionId } = await studio.api.workspace();
    await studio.api.ask(
      'mutation ($input: EditSessionInput!) { editSession(input: $input) { problem { message } } }',
      {
        input: { sessionId, settings: { iterations: 4 } },
      },
    );
    await page.goto('/sweeps');
    await page.getByRole('button', { name: 'New sweep' }).click();
    await page.getByRole('textbox', { name: 'Values' }).fill('0.1, zebra');
    await page.getByText('“zebra” is not a number').waitFor();
    await page.getByRole('textbox', { name: 'Values' }).fill('0.1..0.3 by 0.2');
    await page.getByRole('button', { name: 'Another axis' }).click();
    await page.getByRole('textbox', { name: 'Values' }).last().fill('1..2');
    await page.getByText('2 × 2 = 4 runs').waitFor();
    await page.getByRole('button', { name: 'Start the sweep' }).click();
    await page.waitForURL('**/sweeps/*');
    await expect.poll(() => page.locator('table img[data-step="3"]').count(), { timeout: 120_000 }).toBe(4);
    await page.getByRole('slider', { name: 'Step of all runs' }).press('Home');
    await expect.poll(() => page.locator('table img[data-step="0"]').count()).toBe(4);
    expect(await seriousFindings(page)).toEqual([]);

    // On a low window the grid scrolls; the slider stands below it.
    await page.setViewportSize({ width: 1280, height: 480 });
    const grid = page.locator('[data-sweep-scroll]');
    expect(await grid.evaluate((box) => box.scrollHeight > box.clientHeight)).toBe(true);
    const last = page.locator('table img[data-step]').last();
    await last.scrollIntoViewIfNeeded();
    await grid.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
    const picture = (await last.boundingBox())!;
    const slider = (await page.getByRole('slider', { name: 'Step of all runs' }).boundingBox())!;
    expect(picture.y + picture.height).toBeLessThan(slider.y);
    expect(slider.y + slider.height).toBeLessThan(480);
    expect(await page.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(true);
    const id = decodeURIComponent(new URL(page.url()).pathname.slice('/sweeps/'.length));
    const { sweep } = await studio.api.ask('query ($id: ID!) { sweep(id: $id) { axes { path values } } }', { id });
    expect(sweep.axes).toEqual([
      { path: 'learningRate', values: [0.1, 0.3] },
      { path: 'seed', values: [1, 2] },
    ]);
  });

  it.each(LOOKS)('is accessible: %s', async (_, options) => {
    await using view = await studio.view(options);
    const { page } = view;
    await page.goto(`/compare?runs=${a},${b}`);
    await page.getByText(/tokens differ/).waitFor();
    for (const how of ['Side by side', 'Swipe', 'Difference']) {
      await page.getByRole('button', { name: how }).click();
      expect(await seriousFindings(page)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
