// The page's types follow the contract: whoever changes the schema runs `npm run schema -w apps/web`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const app = fileURLToPath(new URL('..', import.meta.url));
const tool = fileURLToPath(new URL('../../../node_modules/.bin/gql.tada', import.meta.url));

it('has the types of the checked-in schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-schema-'));
  try {
    const fresh = join(folder, 'graphql-env.d.ts');
    execFileSync(tool, ['generate-output', '--output', fresh], { cwd: app, stdio: 'pipe' });
    expect(readFileSync(join(app, 'src/gql/graphql-env.d.ts'), 'utf8')).toBe(readFileSync(fresh, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
