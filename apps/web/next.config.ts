// How the page is built. In development it may stand apart from the API (TESSERA_API_ORIGIN); built, both share one origin.
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const api = process.env.TESSERA_API_ORIGIN ?? '';

const config: NextConfig = {
  // Sources of the workspace packages are compiled with the page.
  transpilePackages: ['@tessera/collab', '@tessera/protocol', 'geist'],
  // The API lives in the same process: both load the one copy in node_modules, or Yjs would be there twice.
  serverExternalPackages: ['yjs'],
  // Two builds may stand beside each other: one that is worked on, one that is tested.
  distDir: process.env.TESSERA_PAGE_BUILD ?? '.next',
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  env: { TESSERA_API_ORIGIN: api },
  allowedDevOrigins: ['127.0.0.1'],
  poweredByHeader: false,
  devIndicators: false,
  // `npm run typecheck` checks the types; a start must not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Never a WebSocket rewrite: in one process Next would answer the upgrade as well.
  ...(api && { rewrites: async () => ({ fallback: [{ source: '/:path*', destination: `${api}/:path*` }] }) }),
};

export default config;
