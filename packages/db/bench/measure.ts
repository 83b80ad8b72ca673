// What the benches of history queries share: a table of times with a limit, and the two forms of a database.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../src/index.ts';
import { startPostgres } from '../src/testing.ts';

const REPEATS = 60;
const WARM = 5;

/** Prints times in ms by name, after rounds that are not counted. True where every p95 is within `limit`. */
export async function tableOfTimes(
  queries: Readonly<Record<string, () => Promise<unknown>>>,
  limit: number,
): Promise<boolean> {
  console.log(`${'query'.padEnd(44)}${'p50 ms'.padStart(9)}${'p95 ms'.padStart(9)}${'max ms'.padStart(9)}`);
  let within = true;
  for (const [name, ask] of Object.entries(queries)) {
    const times: number[] = [];
    for (let i = 0; i < REPEATS + WARM; i++) {
      const from = performance.now();
      await ask();
      if (i >= WARM) times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
    const over = at(0.95) > limit;
    within &&= !over;
    const row = [at(0.5), at(0.95), at(1)].map((ms) => ms.toFixed(1).padStart(9)).join('');
    console.log(`${name.padEnd(44)}${row}${over ? `   over ${limit} ms` : ''}`);
  }
  return within;
}

/**
 * Measures the embedded form and PostgreSQL, where there is one. True where both were within the limit.
 * @param only 'embedded' or 'server'; any other: both
 * @param measure gets the form's name and its limit in ms
 */
export async function onBothForms(
  only: string | undefined,
  measure: (name: string, database: Database, limit: number) => Promise<boolean>,
): Promise<boolean> {
  let within = true;
  if (only !== 'server') {
    const directory = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
    const database = await openDatabase({ dataDirectory: directory });
    within = (await measure('Embedded', database, 500)) && within;
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
  if (only !== 'embedded') {
    const postgres = await startPostgres();
    if (typeof postgres === 'string') console.log(`PostgreSQL skipped: ${postgres}.`);
    else {
      const database = await openDatabase({ url: await postgres.createDatabase() });
      within = (await measure('PostgreSQL', database, 200)) && within;
      await database.close();
      await postgres.stop();
    }
  }
  return within;
}
