// The README's example runs and prints what the README says.
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import * as graph from '../src/index.ts';

it('the example of the README prints what it says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, code, printed] = /```ts\n(.*?)```\n\nprints\n\n```\n(.*?)```/s.exec(readme) ?? [];
  const body = code!.replaceAll(/import (\{.*?\}) from ('.*?');/g, 'const $1 = modules[$2];');
  const lines: string[] = [];
  const console = { log: (...values: unknown[]) => lines.push(values.map(show).join(' ')) };
  const run = new Function('modules', 'console', `return (async () => {${body}})();`);
  await run({ '@tessera/graph': graph, 'onnxruntime-node': ort }, console);
  expect(`${lines.join('\n')}\n`).toBe(printed);
});

const show = (value: unknown): string => (typeof value === 'string' ? value : inspect(value));
