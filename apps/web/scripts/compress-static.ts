// Part of the page's build: compresses what browsers load once and thoroughly, instead of at every first visit and in haste.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { staticFolder } from '../static-folder.ts';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

const COMPRESSIBLE = new Set(['.js', '.css', '.svg', '.json', '.txt']);
/** Bytes; below, a header costs what is saved. */
const WORTH = 512;

async function compress(file: string): Promise<readonly [before: number, after: number]> {
  const bytes = readFileSync(file);
  if (bytes.length < WORTH) return [bytes.length, bytes.length];
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const [small, zipped] = await Promise.all([brotli(bytes, { params }), zip(bytes, { level: 9 })]);
  writeFileSync(`${file}.br`, small);
  // For browsers that are reached over plain HTTP from elsewhere: they do not ask for Brotli.
  writeFileSync(`${file}.gz`, zipped);
  return [bytes.length, small.length];
}

const folder = staticFolder();
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)))
  .map(({ parentPath, name }) => join(parentPath, name));
const sizes = await Promise.all(files.map(compress));
const sum = (at: 0 | 1) => (sizes.reduce((total, size) => total + size[at], 0) / 1000).toFixed(0);
process.stdout.write(`${files.length} files of ${sum(0)} kB compressed to ${sum(1)} kB in ${folder}\n`);
