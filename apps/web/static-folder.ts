// Where the page's build puts what browsers load.
import { fileURLToPath } from 'node:url';

/** Served under `/_next/static`; names carry a hash of what is in them. */
export const staticFolder = (): string =>
  fileURLToPath(new URL(`${process.env.TESSERA_PAGE_BUILD ?? '.next'}/static`, import.meta.url));
