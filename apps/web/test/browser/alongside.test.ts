// Two people in one session: one writes with an input method while the other writes too, one follows what the other looks at.
import type { CDPSession, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { seriousFindings } from './support/accessible.ts';
import type { View } from './support/chromium.ts';
import { ended, eventually, makeItShort, prompt, ready, runButton, seen, setNumber } from './support/session-page.ts';
import { withStudio } from './support/with-studio.ts';

withStudio('two people alongside', {}, (studio) => {
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

  /** What Ann's document has of the text is not seen while she composes; what was changed after it is. */
  let steps = 100;
  const arrivedAtAnn = async () => {
    steps += 1;
    await setNumber(ben.page, 'Steps', steps);
    const field = ann.page.getByRole('spinbutton', { name: 'Steps', exact: true });
    await eventually(async () => expect(await field.getAttribute('aria-valuenow')).toBe(String(steps)));
  };
  const both = async (text: string) => {
    const fields = [prompt(ann.page), prompt(ben.page)];
    await eventually(async () =>
      expect(await Promise.all(fields.map((field) => field.inputValue()))).toEqual([text, text]),
    );
  };
  const compose = (keys: CDPSession, text: string) =>
    keys.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });

  it('compose with an input method while the other writes: nothing is lost or doubled', async () => {
    const keys = await ann.context.newCDPSession(ann.page);
    await prompt(ann.page).fill('a cat');
    await both('a cat');
    await prompt(ann.page).press('End');
    await compose(keys, 'n');
    await prompt(ben.page).press('Home');
    await ben.page.keyboard.type('see: ');
    await arrivedAtAnn();
    // What is composed stays where it is, and is nobody else's yet.
    expect(await prompt(ann.page).inputValue()).toBe('a catn');
    await compose(keys, 'に');
    await prompt(ben.page).press('End');
    await ben.page.keyboard.type('!');
    await arrivedAtAnn();
    expect(await prompt(ben.page).inputValue()).toBe('see: a cat!');
    await compose(keys, 'にほn');
    await keys.send('Input.insertText', { text: '日本' });
    const written = await eventualText();
    expect(['see: a cat日本!', 'see: a cat!日本']).toContain(written);
    // The caret stands behind what was composed.
    await ann.page.keyboard.type('x');
    await both(written.replace('日本', '日本x'));
  });

  it('compose nothing after all: what the other wrote is there', async () => {
    const keys = await ann.context.newCDPSession(ann.page);
    await prompt(ann.page).fill('a dog');
    await both('a dog');
    await prompt(ann.page).press('End');
    await compose(keys, 'inu');
    await prompt(ben.page).press('Home');
    await ben.page.keyboard.type('look, ');
    await arrivedAtAnn();
    await compose(keys, '');
    await both('look, a dog');
    await ann.page.keyboard.type('s');
    await both('look, a dogs');
  });

  it('compose over what the other deletes', async () => {
    const keys = await ann.context.newCDPSession(ann.page);
    await prompt(ann.page).fill('a red fox');
    await both('a red fox');
    // What comes within half a second is undone together.
    const since = await ann.page.evaluate('performance.now()');
    await ann.page.waitForFunction((from) => performance.now() - Number(from) > 600, since);
    await prompt(ann.page).press('End');
    await compose(keys, 'k');
    for (const key of ['Home', 'Delete', 'Delete']) await prompt(ben.page).press(key);
    await arrivedAtAnn();
    await keys.send('Input.insertText', { text: '狐' });
    await both('red fox狐');
    await ann.page.keyboard.press('Control+z');
    await both('red fox');
  });

  /** Once both fields say the same, and all of it. */
  async function eventualText(): Promise<string> {
    let text = '';
    await eventually(async () => {
      text = await prompt(ann.page).inputValue();
      expect(text).toContain('日本');
      expect(await prompt(ben.page).inputValue()).toBe(text);
    });
    return text;
  }

  const stepOf = async (page: Page) => (await seen(page)).step;
  const slider = (page: Page) => page.getByRole('slider', { name: 'Step', exact: true });

  it('follow: the run and the step of who is followed, until one moves by hand', async () => {
    await prompt(ann.page).fill('a fox in the snow');
    await makeItShort(ann.page, 12);
    await runButton(ann.page).click();
    await Promise.all([ended(ann.page), ended(ben.page)]);
    const run = (await seen(ann.page)).run;
    await slider(ann.page).press('Home');
    await eventually(async () => expect(await stepOf(ann.page)).toBe(0));
    expect(await stepOf(ben.page)).toBe(11);
    await ben.page.getByRole('button', { name: /^Follow You/ }).click();
    await eventually(async () => expect(await seen(ben.page)).toEqual(await seen(ann.page)));
    await ben.page.getByRole('button', { name: /^You follow/ }).waitFor();
    expect(await seriousFindings(ben.page)).toEqual([]);
    for (let i = 1; i <= 3; i += 1) await slider(ann.page).press('ArrowRight');
    await eventually(async () => expect(await stepOf(ben.page)).toBe(3));

    // Also to another run, and to the start picture.
    await runButton(ann.page).click();
    await eventually(async () => expect((await seen(ann.page)).run).not.toBe(run));
    await Promise.all([ended(ann.page), ended(ben.page)]);
    await eventually(async () => expect((await seen(ben.page)).run).toBe((await seen(ann.page)).run));
    await ann.page.getByRole('button', { name: 'Start picture', exact: true }).last().click();
    await eventually(async () => expect((await seen(ben.page)).run).toBeNull());
    await ann.page.locator(`[data-run-row="${run}"]`).click();
    await eventually(async () => expect(await seen(ben.page)).toMatchObject({ run, step: 11 }));

    // Who moves by hand follows no more.
    await slider(ben.page).press('Home');
    await eventually(async () => expect(await stepOf(ben.page)).toBe(0));
    await eventually(async () => expect(await ben.page.getByRole('button', { name: /^You follow/ }).count()).toBe(0));
    await slider(ann.page).press('ArrowLeft');
    await ben.page.getByRole('button', { name: 'Follow You, at step 10' }).waitFor();
    expect(await stepOf(ben.page)).toBe(0);

    // By Escape too; and it ends when the other leaves.
    await ben.page.getByRole('button', { name: /^Follow You/ }).click();
    await eventually(async () => expect(await stepOf(ben.page)).toBe(10));
    await ben.page.keyboard.press('Escape');
    await ben.page.getByRole('button', { name: /^You follow/ }).waitFor({ state: 'detached' });
    await ben.page.getByRole('button', { name: /^Follow You/ }).click();
    await ben.page.getByRole('button', { name: /^You follow/ }).waitFor();
    await ann.page.goto(`${studio.address}/history`);
    await ben.page.getByRole('button', { name: /^You follow/ }).waitFor({ state: 'detached' });
    expect([...ann.faults, ...ben.faults]).toEqual([]);
  });
});
