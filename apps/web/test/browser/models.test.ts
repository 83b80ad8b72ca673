// The list of models in a real browser on a real server: what is there, and how to get the rest.
import { expect, it } from 'vitest';
import { LOOKS, seriousFindings } from './support/accessible.ts';
import { withStudio } from './support/with-studio.ts';

withStudio('the models', {}, (studio) => {
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

  it.each(LOOKS)('is accessible: %s', async (_, options) => {
    await using view = await studio.view(options);
    const { page } = view;
    await page.goto('/models');
    await page.getByText('Comes with Tessera').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
