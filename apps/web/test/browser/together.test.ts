// Two people in one session, with real browsers: they write, paint and watch together, and one of them is cut off for a while.
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { seriousFindings } from './support/accessible.ts';
import type { View } from './support/chromium.ts';
import {
  ended,
  eventually,
  makeItShort,
  prompt,
  ready,
  runButton,
  seen,
  setNumber,
  stage,
  status,
  stepsHere,
} from './support/session-page.ts';
import { withStudio } from './support/with-studio.ts';

withStudio('two people in one session', {}, (studio) => {
  let ann: View;
  let ben: View;

  beforeAll(async () => {
    ann = await studio.view();
    await ann.page.goto(studio.address);
    await ann.page.waitForURL('**/s/**');
    await ready(ann.page);
    ben = await studio.view();
    await ben.page.goto(ann.page.url());
    await ready(ben.page);
  }, 300_000);

  it('lead a newcomer into a session that can be run at once', async () => {
    expect(await ann.page.getByLabel('Name of the session').inputValue()).toBe('First steps');
    expect(await runButton(ann.page).getAttribute('aria-disabled')).toBeNull();
    await ann.page.getByRole('button', { name: 'What to write' }).click();
    await ann.page.getByText('It knows 233 words and no others.').waitFor();
    await ann.page.keyboard.press('Escape');
  });

  it('see each other', async () => {
    await ben.page.getByRole('button', { name: /^Follow You/ }).waitFor();
    const box = await stage(ann.page).boundingBox();
    await ann.page.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2);
    await ben.page.locator('[data-cursor="You"]').waitFor();
  });

  it('write one prompt at the same time, each undoing only what they did', async () => {
    const [a, b] = [prompt(ann.page), prompt(ben.page)];
    await a.fill('a lion in the forest');
    await eventually(async () => expect(await b.inputValue()).toBe('a lion in the forest'));
    // Both carets lie in the text while the other writes.
    await a.press('Home');
    await b.press('End');
    await Promise.all([
      a.pressSequentially('one two ', { delay: 25 }),
      b.pressSequentially(' at night', { delay: 25 }),
    ]);
    const both = 'one two a lion in the forest at night';
    await eventually(async () => expect([await a.inputValue(), await b.inputValue()]).toEqual([both, both]));
    await ben.page.waitForTimeout(600);
    await b.press('Control+z');
    await eventually(async () => expect(await a.inputValue()).toBe('one two a lion in the forest'));
    expect(await b.inputValue()).toBe('one two a lion in the forest');
  });

  it('paint a mask that the other sees grow', async () => {
    // The tools are loaded now, over a slow line: the picture stays and can be painted on meanwhile.
    let held = 0;
    await ann.page.route('**/*.js', async (route) => {
      held += 1;
      await ann.page.waitForTimeout(1_500);
      await route.continue();
    });
    await ann.page.getByRole('button', { name: 'Paint a mask' }).click();
    const box = (await stage(ann.page).boundingBox())!;
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    const theirs = ben.page.getByRole('img', { name: /^Mask of/ });
    await ann.page.mouse.move(...at(0.3, 0.3));
    await ann.page.mouse.down();
    for (let i = 0; i <= 20; i += 1) {
      await ann.page.mouse.move(...at(0.3 + i * 0.01, 0.3 + i * 0.015));
      await ann.page.waitForTimeout(30);
    }
    // Before the brush is lifted.
    await eventually(async () => expect(await theirs.getAttribute('data-strokes')).toBe('1'));
    await ann.page.mouse.up();
    expect(held).toBeGreaterThan(0);
    await ann.page.getByRole('toolbar', { name: 'Mask' }).waitFor();
    await ann.page.unroute('**/*.js');
    const painted = () =>
      ben.page.evaluate(() => {
        const mask = document.querySelector<HTMLCanvasElement>('canvas[data-strokes]');
        const data = mask?.getContext('2d')?.getImageData(0, 0, mask.width, mask.height).data ?? [];
        return Array.from(data).filter((value, i) => i % 4 === 3 && value > 0).length;
      });
    await eventually(async () => expect(await painted()).toBeGreaterThan(1_000));
    await ann.page.getByRole('button', { name: 'Undo what I did' }).click();
    await eventually(async () => expect(await theirs.count()).toBe(0));
    // A slow stroke: its versions lie further apart than what is undone together otherwise.
    const sizes = new Set<number>();
    await ann.page.mouse.move(...at(0.3, 0.3));
    await ann.page.mouse.down();
    for (let i = 1; i <= 3; i += 1) {
      await ann.page.mouse.move(...at(0.3, 0.3 + i * 0.15));
      await eventually(async () => {
        const size = await painted();
        expect(size).toBeGreaterThan(Math.max(0, ...sizes));
        sizes.add(size);
      });
      const since = await ann.page.evaluate('performance.now()');
      await ann.page.waitForFunction((from) => performance.now() - Number(from) > 700, since);
    }
    await ann.page.mouse.up();
    await eventually(async () => expect(await theirs.getAttribute('data-strokes')).toBe('1'));
    await ann.page.getByRole('button', { name: 'Undo what I did' }).click();
    await eventually(async () => expect(await theirs.count()).toBe(0));
    await ann.page.keyboard.press('Control+Shift+z');
    await eventually(async () => expect(await painted()).toBeGreaterThanOrEqual(Math.max(...sizes)));

    // Tools that are closed in the middle of a stroke leave what was painted, and the brush works again.
    await ann.page.mouse.move(...at(0.7, 0.3));
    await ann.page.mouse.down();
    await ann.page.mouse.move(...at(0.7, 0.6));
    await ann.page.keyboard.press('m');
    await eventually(async () => expect(await theirs.getAttribute('data-strokes')).toBe('2'));
    await ann.page.mouse.up();
    await ann.page.keyboard.press('b');
    await ann.page.mouse.move(...at(0.9, 0.3));
    await ann.page.mouse.down();
    await ann.page.mouse.move(...at(0.9, 0.6));
    await ann.page.mouse.up();
    await eventually(async () => expect(await theirs.getAttribute('data-strokes')).toBe('3'));
    await ann.page.getByRole('button', { name: 'Clear the mask' }).click();
    await eventually(async () => expect(await theirs.count()).toBe(0));
    await ann.page.getByRole('button', { name: 'Close the mask tools' }).click();
  });

  it('watch the same steps of a run that one of them starts', async () => {
    await makeItShort(ann.page, 40);
    await runButton(ann.page).click();
    await eventually(async () => {
      const [a, b] = await Promise.all([seen(ann.page), seen(ben.page)]);
      expect(a.step).toBeGreaterThan(2);
      expect(b).toMatchObject({ run: a.run });
      expect(b.step).toBeGreaterThan(2);
    });
    await Promise.all([ended(ann.page), ended(ben.page)]);
    await eventually(async () => {
      const [a, b] = await Promise.all([seen(ann.page), seen(ben.page)]);
      expect(a).toEqual(b);
      expect(a.step).toBe(39);
    });
    // Any step can be gone back to, and shows its own tokens.
    const last = await seen(ann.page);
    await ann.page.getByRole('slider', { name: 'Step', exact: true }).focus();
    await ann.page.keyboard.press('Home');
    await eventually(async () => expect((await seen(ann.page)).step).toBe(0));
    expect((await seen(ann.page)).tokens).not.toBe(last.tokens);
  });

  it('lock a token that both see locked and the next run leaves alone', async () => {
    const stone = (page: Page, position: number) => page.locator(`[data-position="${position}"]`);
    const tokensOf = async (page: Page) => (await seen(page)).tokens.split(' ');
    await stone(ann.page, 5).click();
    await ann.page.getByRole('button', { name: /^Lock for everybody/ }).click();
    for (const { page } of [ann, ben]) {
      await eventually(async () => expect(await stone(page, 5).getAttribute('title')).toMatch(/^locked/));
      await page.getByText('1 locked for everybody').waitFor();
    }
    await setNumber(ann.page, 'Learning rate', 0.5);
    const before = (await seen(ann.page)).run;
    await runButton(ann.page).click();
    await eventually(async () => expect((await seen(ann.page)).run).not.toBe(before));
    await ended(ann.page);
    await eventually(async () => expect((await seen(ann.page)).step).toBe(39));
    const last = await tokensOf(ann.page);
    await ann.page.getByRole('slider', { name: 'Step', exact: true }).focus();
    await ann.page.keyboard.press('Home');
    await eventually(async () => expect((await seen(ann.page)).step).toBe(0));
    const first = await tokensOf(ann.page);
    expect(last[5]).toBe(first[5]);
    expect(last).not.toEqual(first);
    await ben.page.getByRole('button', { name: 'Unlock all' }).click();
    await eventually(async () => expect(await stone(ann.page, 5).getAttribute('title')).toBeNull());
  });

  it('lose the connection and come back without a gap, with what was written meanwhile', async () => {
    await makeItShort(ann.page, 80);
    const before = (await seen(ben.page)).run;
    await runButton(ann.page).click();
    await eventually(async () => {
      const now = await seen(ben.page);
      expect(now.run).not.toBe(before);
      expect(now.step).toBeGreaterThan(3);
    });
    await ben.context.setOffline(true);
    await ben.page.getByText('Offline, edits are kept').waitFor();
    await prompt(ben.page).press('End');
    await prompt(ben.page).pressSequentially(' and ben');
    await prompt(ann.page).press('Home');
    await prompt(ann.page).pressSequentially('ann and ');
    const at = (await stepsHere(ben.page)).last;
    await eventually(async () => expect((await stepsHere(ann.page)).last).toBeGreaterThan(at + 5));
    await ben.context.setOffline(false);
    await ready(ben.page);
    await eventually(async () => {
      const texts = [await prompt(ann.page).inputValue(), await prompt(ben.page).inputValue()];
      expect(texts[0]).toMatch(/^ann and .* and ben$/);
      expect(texts[1]).toBe(texts[0]);
    });
    await Promise.all([ended(ann.page), ended(ben.page)]);
    await eventually(async () => expect(await stepsHere(ben.page)).toEqual({ count: 80, last: 79 }));
    expect(await stepsHere(ann.page)).toEqual({ count: 80, last: 79 });
  });

  it('fork a run at the step that is shown', async () => {
    await makeItShort(ann.page, 20);
    const slider = ann.page.getByRole('slider', { name: 'Step', exact: true });
    await slider.focus();
    await ann.page.keyboard.press('Home');
    await eventually(async () => expect(await slider.getAttribute('aria-valuenow')).toBe('0'));
    for (let i = 1; i <= 7; i += 1) {
      await ann.page.keyboard.press('ArrowRight');
      await eventually(async () => expect(await slider.getAttribute('aria-valuenow')).toBe(String(i)));
    }
    await eventually(async () => expect((await seen(ann.page)).step).toBe(7));
    const parent = await seen(ann.page);
    await ann.page.getByRole('button', { name: 'Fork here' }).click();
    await eventually(async () => expect((await seen(ann.page)).run).not.toBe(parent.run));
    await ended(ann.page);
    const forks = ann.page.getByRole('button', { name: /forked at step/ });
    expect(await forks.count()).toBe(1);
    expect(await forks.first().textContent()).toContain('7');
    // The other one looks at the newest run.
    await eventually(async () => expect((await seen(ben.page)).run).toBe((await seen(ann.page)).run));
  });

  it('comment on a step, a token and a region, and hear of it at once', async () => {
    const run = (await seen(ann.page)).run;
    const token = ann.page.locator('[data-position="9"]');
    await token.click();
    await eventually(async () => expect(await token.getAttribute('aria-pressed')).toBe('true'));
    await ann.page.getByRole('tab', { name: 'Comments' }).click();
    await ann.page.getByRole('button', { name: 'Draw a region' }).click();
    // By keys, for who has no pointer: the layer has the focus.
    const layer = ann.page.getByRole('group', { name: /^Region: drag/ });
    await eventually(async () => expect(await layer.evaluate((node) => node === document.activeElement)).toBe(true));
    await ann.page.keyboard.press('ArrowUp');
    await ann.page.keyboard.press('Shift+ArrowRight');
    await ann.page.keyboard.press('c');
    await ann.page.keyboard.type('Is this an eye?');
    for (const pin of [/^step \d+$/, 'token 9', 'a region']) await ann.page.getByText(pin).first().waitFor();
    await ann.page.keyboard.press('Control+Enter');
    await ben.page.getByRole('tab', { name: 'Comments 1' }).click();
    await ben.page.getByText('Is this an eye?').waitFor();
    await ben.page.getByTitle('Is this an eye?').waitFor();
    const { step } = await seen(ben.page);
    await ben.page.getByRole('slider', { name: 'Step', exact: true }).press('Home');
    await eventually(async () => expect((await seen(ben.page)).step).not.toBe(step));
    expect(await ben.page.getByTitle('Is this an eye?').count()).toBe(0);
    await ben.page.getByRole('button', { name: `at step ${step}, token 9, a region` }).click();
    await eventually(async () => expect((await seen(ben.page)).step).toBe(step));
    await eventually(async () =>
      expect(await ben.page.locator('[data-position="9"]').getAttribute('aria-pressed')).toBe('true'),
    );
    await ben.page.getByRole('button', { name: 'Resolve' }).click();
    await eventually(async () =>
      expect(await ann.page.getByRole('tab', { name: 'Comments', exact: true }).count()).toBe(1),
    );
    // The keys that send a comment start no run here.
    expect((await seen(ann.page)).run).toBe(run);
    expect(await seriousFindings(ann.page)).toEqual([]);
    await ben.page.getByRole('tab', { name: 'Runs and forks' }).click();
    await ann.page.getByRole('tab', { name: 'Runs and forks' }).click();
  });

  it('compare the shown step with another step and another run', async () => {
    const { page } = ann;
    const { step } = await seen(page);
    await page.keyboard.press('v');
    const pictures = page.getByRole('region', { name: 'Compare' }).locator('img[data-step]');
    const shown = () => pictures.evaluateAll((images) => images.map((image) => image.getAttribute('data-step')));
    const first = await page.getByRole('slider', { name: 'Step of B' }).getAttribute('aria-valuenow');
    await eventually(async () => expect(await shown()).toEqual([String(step), first]));
    await page.getByRole('slider', { name: 'Step of B' }).press('ArrowRight');
    await eventually(async () => expect(await shown()).toEqual([String(step), String(Number(first) + 1)]));
    for (const how of ['Swipe', 'Difference']) {
      await page.getByRole('button', { name: how }).click();
      await eventually(async () => expect((await shown()).length).toBe(2));
      expect(await seriousFindings(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Compare with another run' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compare with a run' });
    await dialog.getByRole('listitem').last().getByRole('button').click();
    await dialog.getByRole('button', { name: 'Compare 1 run' }).click();
    await page.getByRole('slider', { name: 'Step of B' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Give B a step of its own' }).waitFor();
    await eventually(async () => expect((await shown()).length).toBe(2));
    await page.getByRole('region', { name: 'Compare' }).getByRole('button', { name: 'Back to the picture' }).click();
    await stage(page).waitFor();
  });

  it('save what is shown, and sweep from what the panel says', async () => {
    const { page } = ann;
    const { step } = await seen(page);
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: `PNG of step ${step}, with manifest` }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.png$/);
    await makeItShort(page, 4);
    await setNumber(page, 'Learning rate', 0.3);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Type a command…').fill('sweep');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Try many values at once' });
    expect(await dialog.getByLabel('Values').inputValue()).toBe('0.15, 0.3, 0.6');
    await dialog.getByLabel('Values').fill('0.1, 0.3');
    await dialog.getByRole('button', { name: 'Start the sweep' }).click();
    await page.waitForURL('**/sweeps/*');
    await eventually(async () => expect(await page.locator('table img[data-step="3"]').count()).toBe(2));
    await page.goBack();
    await ready(page);
  });

  it('are told nothing that they did not cause', async () => {
    expect(await status(ann.page).getAttribute('data-run-status')).toBe('COMPLETED');
    expect([...ann.faults, ...ben.faults]).toEqual([]);
  });
});
