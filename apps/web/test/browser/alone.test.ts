// One person in a session: presets by the start, locks beyond a tokenizer's last token, a long queue.
import { beforeAll, expect, it } from 'vitest';
import { seriousFindings } from './support/accessible.ts';
import type { View } from './support/chromium.ts';
import { eventually, makeItShort, ready, runButton, seen, setNumber, status } from './support/session-page.ts';
import { withStudio } from './support/with-studio.ts';

withStudio('one person in a session', {}, (studio) => {
  let view: View;
  let sessionId: string;

  beforeAll(async () => {
    view = await studio.view();
    await view.page.goto(studio.address);
    await view.page.waitForURL('**/s/**');
    await ready(view.page);
    sessionId = (await studio.api.workspace()).sessionId;
  }, 300_000);

  const document = async () => {
    const { session } = await studio.api.ask(
      'query ($id: ID!) { session(id: $id) { document { settings lockedPositions check { plan } } } }',
      { id: sessionId },
    );
    return session.document;
  };

  it('shows what a preset sets for the start that is chosen, and what a run takes', async () => {
    const { page } = view;
    const { presets } = await studio.api.ask('{ presets { name seed: settings noise: settings(start: NOISE) } }');
    const pocket = presets.find(({ name }: { name: string }) => name === 'POCKET');
    expect(pocket.noise.iterations).not.toBe(pocket.seed.iterations);
    const steps = page.getByRole('spinbutton', { name: 'Steps', exact: true });
    const shows = async (settings: { readonly iterations: number; readonly regularisationTowards: string }) => {
      await eventually(async () => expect(await steps.getAttribute('aria-valuenow')).toBe(String(settings.iterations)));
      expect(await page.getByRole('button', { name: 'Pocket', exact: true }).getAttribute('aria-pressed')).toBe('true');
      await eventually(async () => {
        const { settings: stored, check } = await document();
        expect(stored).toMatchObject(settings);
        expect(check.plan).toMatchObject({
          iterations: settings.iterations,
          regularisation: { towards: settings.regularisationTowards },
        });
      });
    };
    await shows(pocket.seed);
    await page.getByRole('button', { name: 'Noise', exact: true }).click();
    await shows(pocket.noise);
    await page.getByRole('button', { name: 'Plain', exact: true }).click();
    await page.getByRole('button', { name: 'Pocket', exact: true }).click();
    await shows(pocket.noise);
    await page.getByRole('button', { name: 'A picture', exact: true }).click();
    await shows(pocket.seed);
    // One change, one undo.
    await page.getByRole('heading', { name: 'Preset' }).click();
    await page.keyboard.press('Control+z');
    await shows(pocket.noise);
    await page.keyboard.press('Control+Shift+z');
    await shows(pocket.seed);
    // Values that were set by hand stay.
    await setNumber(page, 'Steps', 33);
    await page.getByRole('button', { name: 'Noise', exact: true }).click();
    await eventually(async () =>
      expect((await document()).settings).toMatchObject({ startFrom: 'noise', iterations: 33 }),
    );
    await page.getByRole('button', { name: 'A picture', exact: true }).click();
  });

  it('tells of locks beyond the last token, and drops them', async () => {
    const { page } = view;
    await studio.api.ask(
      'mutation ($input: EditSessionInput!) { editSession(input: $input) { problem { message } } }',
      { input: { sessionId, lockedPositions: [3, 40, 41] } },
    );
    await page.getByText('2 locks lie beyond the last token').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Drop locks beyond 31' }).click();
    await eventually(async () => expect((await document()).lockedPositions).toEqual([3]));
    expect(await page.getByText(/beyond the last token/).count()).toBe(0);
    await page.getByRole('button', { name: 'Unlock all' }).click();
  });

  it('shows where each of many waiting runs stands, also after one in the middle is stopped', async () => {
    const { page } = view;
    await makeItShort(page, 5_000);
    await runButton(page).click();
    await page.waitForSelector('[data-run-status="RUNNING"]');
    const ids: string[] = [];
    for (let i = 0; i < 20; i += 1) ids.push(await studio.api.startRun(`a fox in the snow ${i}`, 4));
    /** Runs ahead as the list says them, oldest run first. */
    const ahead = async () => {
      const rows = await page
        .locator('[data-run-row]')
        .evaluateAll((all) =>
          all.map(
            (row) =>
              [row.getAttribute('data-run-row'), /waiting(?:, (\d+) ahead)?/.exec(row.textContent ?? '')] as const,
          ),
        );
      return ids.map((id) => {
        const found = rows.find(([row]) => row === id)?.[1];
        return found ? Number(found[1] ?? 0) : null;
      });
    };
    const line = (count: number) => Array.from({ length: count }, (_, i) => i);
    await eventually(async () => expect(await ahead()).toEqual(line(20)));
    const middle = ids[9]!;
    await page.locator(`[data-run-row="${middle}"]`).click();
    await eventually(async () => expect(await status(page).textContent()).toContain('Waiting: 9 runs ahead'));
    await page.getByRole('button', { name: /^Stop/ }).click();
    await eventually(async () => expect(await status(page).getAttribute('data-run-status')).toBe('CANCELLED'));
    await eventually(async () => expect(await ahead()).toEqual([...line(9), null, ...line(19).slice(9)]));
    expect((await seen(page)).run).toBe(middle);
    const others = [...ids.slice(0, 9), ...ids.slice(10)];
    const { runs } = await studio.api.ask('query ($ids: [ID!]!) { runs(ids: $ids) { status } }', { ids: others });
    expect(new Set(runs.map((run: { status: string }) => run.status))).toEqual(new Set(['QUEUED']));
    // The one that runs is stopped: the line moves up by itself.
    await page.locator('[data-run-row]').last().click();
    await page.waitForSelector('[data-run-status="RUNNING"]');
    await page.getByRole('button', { name: /^Stop/ }).click();
    await eventually(async () => expect((await ahead())[19]).toBeLessThan(18));
    const { id: workspaceId } = await studio.api.workspace();
    await studio.api.ask(
      'mutation ($input: CancelMyRunsInput!) { cancelMyRuns(input: $input) { problem { message } } }',
      { input: { workspaceId } },
    );
    await eventually(async () => expect(await ahead()).toEqual(ids.map(() => null)));
    expect(view.faults).toEqual([]);
  });
});

withStudio('a session that no worker serves', { TESSERA_WORKER: 'off' }, (studio) => {
  it('says that no machine computes', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto(studio.address);
    await page.waitForURL('**/s/**');
    await ready(page);
    await page.getByText('No machine computes just now').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
