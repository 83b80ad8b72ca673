// Measures the page as people get it, in one run: npm run measure -w apps/web -- [stored runs]
import { cpus, loadavg } from 'node:os';
import { Api, rawId } from '../test/browser/support/api.ts';
import { openBrowser } from '../test/browser/support/chromium.ts';
import { startStudio } from '../test/browser/support/studio.ts';
import { isWithin, lineOf } from './figures.ts';
import { measureHistory } from './history-figures.ts';
import { measureSession } from './session-figures.ts';

const runs = Number(process.argv[2] ?? 10_000);

// The browser first: the clock begins when the server is ready.
const browser = await openBrowser();
await using studio = await startStudio();
const [load] = loadavg();
process.stdout.write(
  `${cpus().length} cores (${cpus()[0]?.model}), load ${load?.toFixed(1)} before the first figure\n\n`,
);
try {
  const figures = [...(await measureSession(browser, studio.address))];
  for (const figure of figures) process.stdout.write(`${lineOf(figure)}\n`);
  const api = new Api(studio.address);
  const { viewer } = await api.ask('{ viewer { workspaces { runs(first: 1) { nodes { id } } } } }');
  await studio.copyRun(rawId(viewer.workspaces[0].runs.nodes[0].id), runs);
  const history = await measureHistory(browser, studio.address, runs);
  for (const figure of history) process.stdout.write(`${lineOf(figure)}\n`);
  process.stdout.write(`\nload ${loadavg()[0]?.toFixed(1)} after the last figure\n`);
  process.exitCode = [...figures, ...history].every(isWithin) ? 0 : 1;
} finally {
  await browser.close();
}
