// /explorer: Altair from its package, for trying queries in a browser; nothing is fetched from another host.
import { getDistDirectory, renderAltair } from 'altair-static';
import express, { Router } from 'express';

const EXAMPLE = `# Ctrl-Enter runs this.
query Look {
  studio { version defaultTokenizer }
  viewer { workspaces { name sessions(first: 5) { nodes { id name document { prompt } } } } }
}
`;

/** Its pages evaluate code and show blobs: their own policy, for this path alone. */
const POLICY = "default-src 'self' data: blob: ws: wss: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'none'";

/** @param path where it is mounted, with a slash at its end */
export function explorerRoutes(path: string): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.setHeader('content-security-policy', POLICY);
    next();
  });
  router.get('/', (_req, res) => {
    const html = renderAltair({
      baseURL: path,
      endpointURL: '/graphql',
      subscriptionsEndpoint: '/graphql',
      initialSubscriptionRequestHandlerId: 'graphql-ws',
      initialQuery: EXAMPLE,
    });
    res.type('html').send(html);
  });
  router.use(express.static(getDistDirectory(), { index: false, maxAge: '1h' }));
  return router;
}
