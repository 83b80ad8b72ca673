// The command: a real row in each form, and what it says to wrong arguments.
import { afterEach, expect, it, vi } from 'vitest';
import { runBench } from '../src/index.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function capture(): { out: string[]; err: string[] } {
  const written = { out: [] as string[], err: [] as string[] };
  for (const [stream, lines] of [
    [process.stdout, written.out],
    [process.stderr, written.err],
  ] as const) {
    vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(`${text}`) > 0);
  }
  return written;
}

it('prints the named rows, one JSON object a line', async () => {
  const { out } = capture();
  expect(await runBench(['--', '--json', '--only', 'pocket-step,pocket-memory', '--rounds', '2'])).toBe(0);
  const rows = out.map((line) => JSON.parse(line) as { name: string; value: number; unit: string });
  expect(rows.map(({ name, unit }) => [name, unit])).toEqual([
    ['pocket-step', 'steps/s'],
    ['pocket-memory', 'MB'],
  ]);
  for (const { value } of rows) expect(value).toBeGreaterThan(0);
  expect(rows[1]!.value).toBeLessThan(1000);
});

it('prints a table otherwise', async () => {
  const { out } = capture();
  expect(await runBench(['--only', 'pocket-first-frame', '--rounds', '1'])).toBe(0);
  expect(out.join('')).toMatch(/^row .*value.*\n-+ .*\npocket-first-frame +\d+ +ms .*<= 2000/);
});

it('says so where PyTorch is missing', async () => {
  const { out } = capture();
  vi.stubEnv('TESSERA_PYTHON', 'no-such-python');
  expect(await runBench(['--json', '--only', 'pocket-step-torch', '--rounds', '1'])).toBe(0);
  expect(JSON.parse(out.join(''))).toMatchObject({
    name: 'pocket-step-torch',
    missing: expect.stringContaining('no torch in no-such-python'),
  });
});

it.each([
  [['--only', 'nothing'], /^There is no row "nothing"; rows: pocket-step, /],
  [['--rounds', '0'], /^--rounds is "0"; it must be a whole number from 1 to 1000\.\n$/],
  [['--fast'], /^Unknown option '--fast'/],
])('refuses %j in one line', async (argv, message) => {
  const { err, out } = capture();
  expect(await runBench(argv)).toBe(2);
  expect(out).toEqual([]);
  expect(err.join('')).toMatch(message);
  expect(err.join('').trim().split('\n')).toHaveLength(1);
});
