// The list of models in a real browser on a real server: what is there, downloads from a hub on this machine, checks, repairs.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeHub } from '@tessera/models/testing';
import { POCKET_MODELS } from '@tessera/pocket';
import type { Locator } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { LOOKS, seriousFindings } from './support/accessible.ts';
import { withStudio } from './support/with-studio.ts';

/** The hub has the pocket tokenizer, 10 MB, under the name of a published one: a run can use what was downloaded. */
const weights = readFileSync(join(POCKET_MODELS['pocket-32'], 'model.safetensors'));
const config = readFileSync(join(POCKET_MODELS['pocket-32'], 'config.json'));
const hub = await startFakeHub(
  { 'model.safetensors': { bytes: weights, large: true }, 'config.json': { bytes: config, large: false } },
  'yucornetto/tokenizer_titok_s128_imagenet',
);
const home = mkdtempSync(join(tmpdir(), 'tessera-models-'));
const environment = { HF_ENDPOINT: hub.url, HOME: home, XDG_DATA_HOME: home, LOCALAPPDATA: home };
const downloaded = (path: string) =>
  join(home, readdirSync(home, { recursive: true, encoding: 'utf8' }).find((found) => found.endsWith(path))!);

afterAll(async () => {
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

withStudio('the models', environment, (studio) => {
  it('says which are there and gives the command for the others', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/models');
    const pocket = page.getByRole('listitem').filter({ hasText: 'Pocket tokenizer' });
    await pocket.getByText('Comes with Tessera').waitFor();
    expect(await pocket.textContent()).toContain('32 tokens of 4,096');
    const large = page.getByRole('listitem').filter({ hasText: 'VQ-LL-32' });
    await large.getByRole('button', { name: 'Copy the command' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npm run tessera -- models pull vq-ll-32');
    expect(view.faults).toEqual([]);
  });

  it('downloads one with progress, stops, goes on, verifies and repairs it; a run uses it at once', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/models');
    const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'VQ-S-128' });
    const other = page.getByRole('listitem').filter({ hasText: 'VQ-BB-64' });
    const press = (name: RegExp, where: Locator = row) => where.getByRole('button', { name }).click();
    const bar = row.getByRole('progressbar');
    // 640 pieces: slow enough to be watched.
    hub.faults.delayMs = 8;
    await press(/^Download .*VQ-S-128/);
    await page.waitForFunction(() =>
      /MB of .*\/s · .* left/.test(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext') ?? ''),
    );
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThan(100);

    // A second one waits for its turn, and is taken out of the line.
    await press(/^Download/, other);
    await other.getByText('Waiting for the download before it.').waitFor();
    await press(/^Cancel/, other);
    await other.getByRole('button', { name: /^Download/ }).waitFor();

    await press(/^Cancel/);
    await row.getByText(/Stopped\. .* are kept/).waitFor();
    hub.faults.delayMs = 0;
    hub.faults.status = 503;
    await press(/^Continue/);
    await row.getByText('The model hub has troubles of its own.').waitFor();
    expect(await row.textContent()).toContain('503');
    delete hub.faults.status;
    await press(/^Try again/);
    await row.getByText('Installed').waitFor();
    expect(hub.requests.some(({ range }) => /^bytes=[1-9]\d+-/.test(range ?? ''))).toBe(true);

    const { id: workspaceId, seedId } = await studio.api.workspace();
    const plan = {
      preset: 'POCKET',
      tokenizer: 'vq-s-128',
      iterations: 2,
      objectives: [{ kind: 'CLIP', prompt: 'a fox' }],
    };
    const { startRun } = await studio.api.ask(
      'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } problem { message } } }',
      { input: { workspaceId, seedId, plan: { ...plan, start: { kind: 'SEED' } } } },
    );
    await studio.api.finished(startRun.run.id);

    await press(/^Verify/);
    await row.getByText('Every file is there and has the hash it must have.').waitFor();
    writeFileSync(downloaded(join('vq-s-128', 'config.json')), Buffer.concat([config, Buffer.from('\n')]));
    await press(/^Verify/);
    await row.getByText('config.json is not what it must be').waitFor();
    await press(/^Repair/);
    await row.getByText('Installed').waitFor();
    await press(/^Verify/);
    await row.getByText('Every file is there and has the hash it must have.').waitFor();
    expect(view.faults).toEqual([]);
  });

  it.each(LOOKS)('is accessible, also while something is under way and where it failed: %s', async (_, options) => {
    await using view = await studio.view(options);
    const { page } = view;
    await page.goto('/models');
    await page.getByText('Comes with Tessera').first().waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'VQ-BL-128' });
    await row.getByRole('button', { name: /^(Download|Try again)/ }).click();
    // The hub of this test has no such model.
    await row.getByRole('button', { name: /^Try again/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
