// Where the page's build writes its GraphQL documents by hash, and the server reads them.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A path; of the build that TESSERA_PAGE_BUILD names. */
export const documentsFile = (): string =>
  join(fileURLToPath(new URL('.', import.meta.url)), process.env.TESSERA_PAGE_BUILD ?? '.next', 'documents.json');
