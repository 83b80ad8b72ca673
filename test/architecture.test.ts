// Keeps the packages' imports pointing one way, as docs/architecture.md draws them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What the sources of a package may import of ours. A package that is not listed fails. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  graph: [],
  runtime: [],
  media: [],
  pocket: [],
  protocol: [],
  models: ['graph'],
  engine: ['graph', 'models', 'runtime'],
  lab: ['engine', 'graph', 'media', 'models', 'pocket', 'runtime'],
  parity: ['engine', 'graph', 'lab', 'models', 'runtime'],
  bench: ['engine', 'graph', 'models', 'pocket', 'runtime'],
  db: ['protocol'],
  bus: ['protocol'],
  collab: ['protocol'],
  wire: ['bus', 'protocol'],
  // Plans are checked where they come in; the server never loads the runtime.
  schema: ['bus', 'collab', 'db', 'engine/plan', 'media', 'models', 'protocol', 'wire'],
  worker: ['bus', 'db', 'engine', 'media', 'models', 'pocket', 'protocol', 'runtime', 'wire'],
  api: ['bus', 'collab', 'db', 'media', 'protocol', 'schema', 'wire', 'worker'],
  web: ['collab', 'protocol'],
  cli: ['bench', 'engine', 'graph', 'media', 'models', 'pocket', 'runtime'],
};

/** Libraries that exactly these packages may touch. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = { 'onnxruntime-node': ['runtime'], sharp: ['media'] };

interface Import {
  readonly file: string;
  readonly from: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(folder: string): Import[] {
  return sources(folder).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const found = text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b(?:[^;'"]*?from)?\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g,
    );
    return Array.from(found, (m) => ({ file: relative(root, file), from: (m[1] ?? m[2])! }));
  });
}

const packages = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, folder: join(root, group, name, 'src') })),
);

describe.each(packages)('$name', ({ name, folder }) => {
  const imports = importsOf(folder);

  it('imports only what lies below it, through public faces', () => {
    const allowed = MAY_IMPORT[name];
    expect(allowed, `packages/${name} has no row in this test`).toBeDefined();
    const ours = imports.filter(({ from }) => from.startsWith('@tessera/'));
    const wrong = ours.filter(({ from }) => !allowed!.includes(from.slice('@tessera/'.length)));
    expect(wrong).toEqual([]);
  });

  it('leaves libraries to their one importer', () => {
    const wrong = imports.filter(({ from }) => ONLY_IN[from] && !ONLY_IN[from].includes(name));
    expect(wrong).toEqual([]);
  });

  it('has relative imports that stay inside it', () => {
    const outside = imports.filter(
      ({ file, from }) =>
        from.startsWith('.') && relative(join(folder, '..'), join(root, dirname(file), from)).startsWith('..'),
    );
    expect(outside).toEqual([]);
  });
});
