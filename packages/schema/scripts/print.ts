// Writes the schema as SDL beside the package: the contract that pages and scripts are written against.
import { writeFileSync } from 'node:fs';
import { printedSchema } from '../src/printed-schema.ts';

writeFileSync(new URL('../schema.graphql', import.meta.url), printedSchema());
