// What is in the database, as one hash per table: equal before and after what must change nothing.
import type { Database } from '@tessera/db';

export async function fingerprint({ client }: Database): Promise<Record<string, string>> {
  const tables = await client.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`;
  const entries: [string, string][] = [];
  for (const { name } of tables) {
    const [row] = await client.$queryRawUnsafe<{ hash: string }[]>(
      `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM "${name}" t`,
    );
    entries.push([name, row!.hash]);
  }
  return Object.fromEntries(entries);
}
