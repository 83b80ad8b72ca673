// The whole check of the project: types, lint and format, then every test. Ends with one line of totals.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(join(tmpdir(), 'tessera-test-'));
const report = join(scratch, 'report.json');
const totals = { passed: 0, failed: 0, skipped: 0 };

function run(name, command, args) {
  console.log(`\n> ${name}`);
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  return (
    spawnSync(join(root, 'node_modules', '.bin', command), args, { cwd: root, stdio: 'inherit', env }).status === 0
  );
}

function check(name, command, args) {
  totals[run(name, command, args) ? 'passed' : 'failed'] += 1;
}

/** Counts of vitest's report; a run that wrote none, or found no test, is a failure. */
function countTests(ok) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += numPassedTests;
    totals.failed += numFailedTests;
    totals.skipped += numPendingTests;
    // Errors outside any test (a file that does not load, an unhandled rejection) fail the run without failing a test.
    if ((!ok && numFailedTests === 0) || numTotalTests === 0) totals.failed += 1;
  } catch {
    totals.failed += 1;
  }
}

try {
  // One program for everything but the page: a pass per package would check what they share again and again.
  check('types', 'tsc', ['-p', '.']);
  check('types of the page', 'tsc', ['-p', 'apps/web']);
  check('lint and format', 'biome', ['check', '.', '--error-on-warnings']);
  countTests(
    run('tests', 'vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ]),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`);
process.exit(totals.failed ? 1 : 0);
