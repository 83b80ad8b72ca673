// axe looks at a page as it stands; what is serious or critical is told with where it is.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

// A panel that is still fading in has the contrast of the fade.
const SETTLED = `Promise.allSettled(
  document.getAnimations()
    .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime))
    .map((animation) => animation.finished),
)`;

/** How pages are looked at: name and options of the window. */
export const LOOKS = [
  ['light', {}],
  ['dark', { dark: true }],
  ['narrow', { width: 390, height: 800 }],
] as const;

/** One line per finding; an empty list is what a test expects. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(SETTLED);
  await page.evaluate(AXE);
  const violations = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )) as Finding[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
}
