// The seed library in a real browser on a real server: add, refuse, find, name, tag, use, delete.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LOOKS, seriousFindings } from './support/accessible.ts';
import { rawId } from './support/api.ts';
import { withStudio } from './support/with-studio.ts';

const PICTURE = fileURLToPath(new URL('../../../cli/assets/seeds/fox-beach-day.png', import.meta.url));

withStudio('the seed library', {}, (studio) => {
  const names = async (): Promise<string[]> => {
    const { viewer } = await studio.api.ask('{ viewer { workspaces { seeds(first: 50) { nodes { name } } } } }');
    return viewer.workspaces[0].seeds.nodes.map(({ name }: { name: string }) => name);
  };

  it('takes several files, and says of a bad one what is wrong with it', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/seeds');
    await page.getByRole('button', { name: /Red apple in a forest/ }).waitFor();
    const buffer = readFileSync(PICTURE);
    await page.getByLabel('Pictures to add').setInputFiles([
      { name: 'beach_fox.png', mimeType: 'image/png', buffer },
      { name: 'broken.png', mimeType: 'image/png', buffer: buffer.subarray(0, 200) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
    ]);
    const tray = page.getByRole('region', { name: 'Uploads' });
    await tray.getByText('1 file added, 2 not').waitFor();
    await tray.getByText('This is not a PNG, JPEG, WebP or AVIF picture.').waitFor();
    await page.getByRole('button', { name: /^beach fox/ }).waitFor();
    const all = await names();
    expect(all).toContain('beach fox');
    expect(all).not.toContain('broken');
  });

  it('takes a file that is dropped on it', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/seeds');
    await page.getByRole('button', { name: /Red apple in a forest/ }).waitFor();
    await page.evaluate((base64) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'dropped.png', { type: 'image/png' }));
      const zone = document.querySelector('section[aria-label="Seed library"]');
      for (const type of ['dragenter', 'dragover', 'drop']) {
        zone?.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      }
    }, readFileSync(PICTURE).toString('base64'));
    await page.getByRole('button', { name: /^dropped/ }).waitFor();
  });

  it('ranks seeds by what they show, and by their likeness to one', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/seeds');
    await page.getByRole('searchbox').fill('a red apple in the forest');
    await page
      .getByText(/^match/)
      .first()
      .waitFor();
    expect(await page.getByRole('main').getByRole('listitem').first().textContent()).toContain('Red apple in a forest');
    await page.getByRole('button', { name: /Red apple in a forest/ }).click();
    await page.getByText('What 32 tokens keep of it').waitFor();
    await page.getByRole('button', { name: 'More like this' }).click();
    await page.getByText('Like “Red apple in a forest”').waitFor();
    await page
      .getByText(/^match/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: /^Red apple in a forest/ }).count()).toBe(0);
  });

  it('finds a seed for a prompt', async () => {
    await using view = await studio.view();
    const { page } = view;
    await page.goto('/seeds');
    await page.getByRole('button', { name: 'Find for a prompt' }).click();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('a red apple in the forest');
    await page.getByRole('button', { name: 'Best match' }).click();
    await page.getByRole('button', { name: 'Find a seed' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Red apple in a forest/ })
      .waitFor();
  });

  it('renames, tags, uses in the session, deletes', async () => {
    await using view = await studio.view();
    const { page } = view;
    const { sessionId } = await studio.api.workspace();
    await page.goto('/seeds');
    await page.getByRole('button', { name: /Camel on a beach/ }).click();
    await page.getByLabel('Name').fill('Ship of the desert');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Ship of the desert' }).waitFor();
    await page.getByLabel('Tags', { exact: true }).fill('favourite');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove the tag favourite' }).waitFor();
    const seedId = new URL(page.url()).searchParams.get('seed')!;
    const { seed } = await studio.api.ask('query ($id: ID!) { seed(id: $id) { name tags } }', { id: seedId });
    expect(seed).toMatchObject({ name: 'Ship of the desert', tags: expect.arrayContaining(['favourite']) });
    await page.getByRole('button', { name: 'Use in the session' }).click();
    await page.waitForURL('**/s/*');
    const { session } = await studio.api.ask('query ($id: ID!) { session(id: $id) { document { settings } } }', {
      id: sessionId,
    });
    expect(session.document.settings).toMatchObject({ seedId: rawId(seedId), startFrom: 'seed' });

    await page.goto('/seeds');
    await page.getByRole('button', { name: /Duck in a desert/ }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Really delete it' }).click();
    await expect.poll(() => page.getByRole('button', { name: /Duck in a desert/ }).count()).toBe(0);
    expect(await names()).not.toContain('Duck in a desert');
  });

  it.each(LOOKS)('is accessible: %s', async (_, options) => {
    await using view = await studio.view(options);
    const { page } = view;
    await page.goto('/seeds');
    await page.getByRole('button', { name: /Red apple in a forest/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByRole('button', { name: /Red apple in a forest/ }).click();
    await page.getByText('What 32 tokens keep of it').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
