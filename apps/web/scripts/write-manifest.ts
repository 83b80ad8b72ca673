// The last part of the page's build: writes the documents that the page sends, by hash, beside what Next built.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentsFile } from '../documents-file.ts';
import { manifestOf } from './manifest/manifest.ts';

const manifest = manifestOf(fileURLToPath(new URL('../src', import.meta.url)));
writeFileSync(documentsFile(), `${JSON.stringify(manifest, null, 1)}\n`);
process.stdout.write(`${Object.keys(manifest).length} documents in ${documentsFile()}\n`);
