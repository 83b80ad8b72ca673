// The page in the same process: Next behind the routes of the API.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { ConfigError } from '../config/errors.ts';

export interface MountedPage {
  readonly handler: RequestHandler;
  /** Folder of what a build made for browsers, compressed; absent while the page is developed. */
  readonly statics: string | undefined;
  close(): Promise<void>;
}

/** What `@tessera/web/server` exports. */
interface PageModule {
  mountPage(options: { readonly dev: boolean }): Promise<{
    handler(req: IncomingMessage, res: ServerResponse): Promise<void>;
    close(): Promise<void>;
  }>;
  documentsFile(): string;
  staticFolder(): string;
}

// By a name that is not known to the compiler: the page is built with other settings, and may be absent.
const PAGE: string = '@tessera/web/server';

/** The manifest that the page's build wrote: its GraphQL documents by hash. Undefined where there is no page here. */
export const documentsOfPage = (): Promise<string | undefined> =>
  import(PAGE).then(
    (module: PageModule) => module.documentsFile(),
    () => undefined,
  );

/** @throws ConfigError where the page cannot be loaded or was not built */
export async function mountPage({ dev }: { readonly dev: boolean }): Promise<MountedPage> {
  try {
    const module = (await import(PAGE)) as PageModule;
    const { handler, close } = await module.mountPage({ dev });
    return {
      handler: (req, res, next) => void handler(req, res).catch(next),
      statics: dev ? undefined : module.staticFolder(),
      close,
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new ConfigError(
      'TESSERA_PAGE',
      `the page cannot be served (${detail}); build it with "npm run build -w apps/web", or set TESSERA_PAGE=off.`,
    );
  }
}
