// A page as a picture for the documents: WebP, as large as the window, small enough for a repository.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const FOLDER = new URL('../../../docs/images/', import.meta.url);
const MOST_BYTES = 250_000;
/** Pixels of the file for one of the page; the window is as fine. */
export const SCALE = 2;
/** Tried from the best. */
const QUALITIES = [90, 80, 70, 60, 45] as const;
/** ms for pictures that fade in, and for what came in as the page was asked to stand still. */
const SETTLE_MS = 400;

/** Writes `docs/images/studio-<name>.webp`. @throws when it stays too large at the lowest quality */
export async function takePicture(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => Array.from(document.images).every(({ complete }) => complete));
  await page.waitForTimeout(SETTLE_MS);
  const session = await page.context().newCDPSession(page);
  for (const quality of QUALITIES) {
    const clip = { x: 0, y: 0, ...page.viewportSize()!, scale: SCALE };
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality, clip });
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length > MOST_BYTES) continue;
    await session.detach();
    await writeFile(fileURLToPath(new URL(`studio-${name}.webp`, FOLDER)), bytes);
    process.stdout.write(`studio-${name}.webp  quality ${quality}  ${(bytes.length / 1000).toFixed(0)} kB\n`);
    return;
  }
  throw new Error(`studio-${name}.webp is over ${MOST_BYTES / 1000} kB at every quality.`);
}
