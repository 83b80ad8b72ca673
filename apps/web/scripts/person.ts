// Somebody with an account of their own at a studio: a browser window, and GraphQL in their name.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { SCALE } from './picture.ts';

export interface WindowOptions {
  readonly width: number;
  readonly height: number;
}

export class Person {
  readonly page: Page;
  readonly #address: string;
  readonly #token: string;

  private constructor(page: Page, address: string, token: string) {
    this.page = page;
    this.#address = address;
    this.#token = token;
  }

  /** Makes an account on the page of a studio with open sign-up; ends in the account's first session. */
  static async signUp(browser: Browser, address: string, name: string, size: WindowOptions): Promise<Person> {
    const context = await openWindow(browser, address, size);
    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('button', { name: 'I have no account yet' }).click();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Email').fill(`${name.toLowerCase().replaceAll(' ', '.')}@example.org`);
    await page.getByLabel('Password').fill('a long and quiet password');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.waitForURL('**/s/**');
    const token = await page.evaluate(() => localStorage.getItem('tessera.token'));
    if (!token) throw new Error(`${name} has an account, but no token: the page keeps it under another name now.`);
    return new Person(page, address, token);
  }

  /** `data` of an operation. @throws with the first error, or the problem of a payload */
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows what it asked for
  async ask(query: string, variables: object = {}): Promise<any> {
    const response = await fetch(`${this.#address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data?: Record<string, { problem?: { message: string } | null } | null>;
      errors?: readonly { message: string }[];
    };
    const message = errors?.[0]?.message ?? Object.values(data ?? {}).find((value) => value?.problem)?.problem?.message;
    if (message !== undefined) throw new Error(message);
    return data;
  }
}

/** Without motion, in one language and time zone: pictures that can be made again. */
async function openWindow(browser: Browser, address: string, viewport: WindowOptions): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: address,
    viewport,
    deviceScaleFactor: SCALE,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(120_000);
  return context;
}
