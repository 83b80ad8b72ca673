// A run's page in a real browser on a real server: steps, tokens, discussion, forks, exports, the query.
import { readFile } from 'node:fs/promises';
import { readManifest } from '@tessera/media';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { LOOKS, seriousFindings } from './support/accessible.ts';
import { withStudio } from './support/with-studio.ts';

const STEPS = 12;

withStudio("a run's page", {}, (studio) => {
  let id: string;

  beforeAll(async () => {
    id = await studio.api.startRun('a fox in the snow', STEPS);
    await studio.api.finished(id);
  }, 300_000);

  const shows = (page: Page, step: number) => page.locator(`main img[data-step="${step}"]`).waitFor();

  it('shows any step: by slider, by keys, by number, by a click on the heat map', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/runs/${id}`);
    await shows(page, STEPS - 1);
    await page.getByRole('slider', { name: 'Step' }).press('ArrowLeft');
    await shows(page, STEPS - 2);
    await page.keyboard.press('Home');
    await shows(page, 0);
    await page.getByRole('textbox', { name: /^Step/ }).fill('7');
    await page.keyboard.press('Enter');
    await shows(page, 7);
    await expect.poll(() => new URL(page.url()).searchParams.get('step')).toBe('7');
    const map = page.getByRole('img', { name: /Token changes/ });
    await map.scrollIntoViewIfNeeded();
    const box = (await map.boundingBox())!;
    await page.mouse.click(box.x + box.width * (3.5 / STEPS), box.y + 12);
    await shows(page, 3);
    await page.getByText('Position 2', { exact: true }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('step')).toBe('3');
    await page.reload();
    await shows(page, 3);
    expect(view.faults).toEqual([]);
  });

  it('says of each position what the server says', async () => {
    const { run } = await studio.api.ask(
      'query ($id: ID!) { run(id: $id) { positionStatistics { position changes firstChanged lastChanged entropy } } }',
      { id },
    );
    const lively = run.positionStatistics.reduce((a: { changes: number }, b: { changes: number }) =>
      b.changes > a.changes ? b : a,
    );
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/runs/${id}`);
    await page.getByRole('button', { name: `Position ${lively.position}, token` }).click();
    const { changes, firstChanged, lastChanged, entropy } = lively;
    await page
      .getByText(
        `${changes} changes, first at step ${firstChanged}, last at step ${lastChanged}; ${entropy.toFixed(2)} bits.`,
      )
      .waitFor();
  });

  it('follows a run to its end', async () => {
    await using view = await studio.view();
    const { page } = view;
    const running = await studio.api.startRun('a whale at the beach', 20);
    await page.goto(`/runs/${running}`);
    await page.getByRole('button', { name: 'Fork at 19' }).waitFor();
    await page.getByRole('heading', { name: /Done/ }).waitFor();
    await shows(page, 19);
  });

  it('is discussed by two people', async () => {
    await using mine = await studio.view();
    await using theirs = await studio.view();
    for (const { page } of [mine, theirs]) {
      await page.goto(`/runs/${id}?step=4`);
      await shows(page, 4);
      await page.getByRole('tab', { name: /Comments/ }).click();
    }
    await mine.page.getByLabel('Say something about this run').fill('The tail appears here.');
    await mine.page.getByRole('button', { name: 'Send' }).click();
    await theirs.page.getByText('The tail appears here.').first().waitFor();
    await theirs.page.getByRole('button', { name: /show step 4/ }).waitFor();
    await theirs.page.getByRole('button', { name: 'Reply' }).click();
    await theirs.page.getByLabel('Reply', { exact: true }).fill('So it does.');
    await theirs.page.getByRole('button', { name: 'Send' }).last().click();
    await mine.page.getByText('So it does.').waitFor();
    await mine.page.getByRole('button', { name: 'Resolve' }).click();
    await theirs.page.getByRole('button', { name: 'Show 1 resolved' }).waitFor();
    const { run } = await studio.api.ask(
      'query ($id: ID!) { run(id: $id) { comments { nodes { body step resolvedAt } } } }',
      {
        id,
      },
    );
    expect(run.comments.nodes).toEqual(
      expect.arrayContaining([{ body: 'The tail appears here.', step: 4, resolvedAt: expect.any(String) }]),
    );
  });

  it('pins a comment to a token and a region, and shows them to who opens it', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/runs/${id}?step=5`);
    await shows(page, 5);
    await page.getByRole('button', { name: /^Position 9,/ }).click();
    await page.getByRole('button', { name: 'Draw a region to comment on' }).click();
    const box = (await page.locator('main img[data-step="5"]').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.25);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.5, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('tab', { name: /Comments/ }).click();
    await page.getByRole('button', { name: 'Do not pin to step 5' }).click();
    await page.getByLabel('Say something about this run').fill('An ear?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('button', { name: 'at token 9, a region' }).waitFor();
    const { run } = await studio.api.ask(
      'query ($id: ID!) { run(id: $id) { comments { nodes { body step position region { x y width height } } } } }',
      { id },
    );
    const { step, position, region } = run.comments.nodes.find(({ body }: { body: string }) => body === 'An ear?');
    expect({ step, position }).toEqual({ step: null, position: 9 });
    expect(region.x).toBeCloseTo(0.25, 1);
    expect(region.width).toBeCloseTo(0.5, 1);
    expect(region.height).toBeCloseTo(0.25, 1);
  });

  it('is saved as files', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/runs/${id}?step=5`);
    await shows(page, 5);
    const save = async (name: string | RegExp) => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name }).click(),
      ]);
      await page.getByRole('button', { name: 'Export' }).waitFor();
      return readFile(await download.path());
    };
    const png = await save('PNG of step 5, with manifest');
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(JSON.parse(readManifest(png)!)).toMatchObject({ format: 'tessera-manifest-1' });
    const tokens = (await save('Tokens, JSON')).toString();
    expect(JSON.parse(tokens)).toBeTruthy();
    const csv = (await save('Tokens, CSV')).toString().trim().split('\n');
    expect(csv.length).toBeGreaterThanOrEqual(STEPS);
    expect((await save('Animated WebP')).subarray(8, 12).toString('latin1')).toBe('WEBP');
    expect(view.faults).toEqual([]);
  });

  it('is forked at the shown step, and the fork stands in the tree', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/runs/${id}?step=6`);
    await page.getByRole('button', { name: 'Fork at 6' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(id));
    const fork = decodeURIComponent(new URL(page.url()).pathname.slice('/runs/'.length));
    const { run } = await studio.api.ask('query ($id: ID!) { run(id: $id) { forkStep parent { id } } }', { id: fork });
    expect(run).toEqual({ forkStep: 6, parent: { id } });
    await page.getByRole('tab', { name: 'Forks' }).click();
    await page.getByText('forked at step 6').waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'Forks' }).getByRole('listitem').count()).toBe(2);
    await studio.api.finished(fork);
  });

  it('gives a query that gives the same data', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/runs/${id}`);
    await shows(page, STEPS - 1);
    await page.getByRole('tab', { name: 'Query' }).click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const query = await page.evaluate(() => navigator.clipboard.readText());
    const { run } = await studio.api.ask(query);
    expect(run.steps).toHaveLength(STEPS);
    expect(run.tokenHistory.indices[STEPS - 1]).toHaveLength(32);
  });

  it('finds runs that are near', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(`/runs/${id}`);
    await page.getByRole('tab', { name: 'Similar' }).click();
    await page
      .getByText(/similarity/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Same token, same place' }).click();
    await page
      .getByText(/positions differ/)
      .first()
      .waitFor();
  });

  it('says it where there is no such run', async () => {
    await using view = await studio.view();
    await view.page.goto(`/runs/${btoa('Run:00000000-0000-7000-8000-000000000000')}`);
    await view.page.getByText('There is no such run.').waitFor();
  });

  it.each(LOOKS)('is accessible: %s', async (_, options) => {
    await using view = await studio.view(options);
    const { page } = view;
    await page.goto(`/runs/${id}`);
    await shows(page, STEPS - 1);
    for (const tab of ['Details', /Comments/, 'Forks', 'Similar', 'Query']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await seriousFindings(page)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
