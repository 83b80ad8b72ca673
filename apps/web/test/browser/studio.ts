// A studio as people get it: the real server in a process of its own with a fresh data folder, the built page, a real browser.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensureBuilt } from './support/build.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where Debian and others put it; TESSERA_CHROMIUM names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const chromiumPath = [process.env.TESSERA_CHROMIUM ?? '', ...PLACES].find((path) => path && existsSync(path));

if (!chromiumPath) {
  process.stderr.write(
    'No chromium was found: the browser tests are skipped. Install Debian’s, or set TESSERA_CHROMIUM.\n',
  );
}

/** ms; the page is built first where it was not. */
export const START_MS = 240_000;

/** ms; a test takes seconds on quiet cores. */
export const TEST_MS = 240_000;

export interface Studio {
  readonly address: string;
  close(): Promise<void>;
}

/** `settings`: further environment of the server. */
export async function startStudio(settings: Record<string, string> = {}): Promise<Studio> {
  if (!isBuilt()) await ensureBuilt(root);
  const data = mkdtempSync(join(tmpdir(), 'tessera-browser-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'apps/api/src/main.ts', '--port', '0', '--data', data], {
    cwd: root,
    env: { ...process.env, TESSERA_LOG: 'warn', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = await addressOf(child);
  return {
    address,
    async close() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The page is built anew where CI says so, or where there is none. */
function isBuilt(): boolean {
  const folder = process.env.TESSERA_PAGE_BUILD ?? '.next';
  return existsSync(join(root, 'apps/web', folder, 'BUILD_ID')) && process.env.CI === undefined;
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /ready at (\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${said.slice(-2_000)}`)));
  });
}

export function launchBrowser(): Promise<Browser> {
  if (!chromiumPath) throw new Error('No chromium was found.');
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', ...quiet] });
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained about. */
  readonly complaints: string[];
}

/** ms for what a person waits for; generous, because machines that run tests are busy. */
export const PATIENCE_MS = 60_000;

export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 820 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url, { timeout: PATIENCE_MS });
  return { context, page, complaints };
}
