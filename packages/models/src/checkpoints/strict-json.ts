// A strict JSON reader for headers: JSON.parse would silently keep the last of two equal keys.

/** A number as written, so that 1.0, 1e3 and 9007199254740993 can be told from plain integers. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** The value when it is written as plain digits and fits exactly, otherwise undefined. */
  get natural(): number | undefined {
    const value = /^(0|[1-9]\d{0,15})$/.test(this.text) ? Number(this.text) : Number.NaN;
    return Number.isSafeInteger(value) ? value : undefined;
  }
}

export type JsonValue = string | JsonNumber | boolean | null | JsonValue[] | Map<string, JsonValue>;

/** What is wrong and at which character; the caller adds the file. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
}

/** Deeper than any header we read; keeps recursion bounded. */
const maxDepth = 4;

/**
 * Parses one JSON text. Objects become Maps, so no key can touch a prototype.
 * @throws JsonFault on bad syntax, equal keys, `__proto__`, lone surrogates, nesting over 4 levels.
 */
export function parseStrictJson(text: string): JsonValue {
  let at = 0;

  function fault(what: string): never {
    throw new JsonFault(`${what} at character ${at}`);
  }
  function skip(): void {
    while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  }
  function expect(char: string): void {
    if (text[at] !== char) fault(`expected ${JSON.stringify(char)}`);
    at++;
  }
  function string(): string {
    const start = at;
    expect('"');
    for (; text[at] !== '"'; at++) {
      if (at >= text.length) fault('unterminated string');
      if (text.charCodeAt(at) < 32) fault('control character in a string');
      if (text[at] === '\\') at++;
    }
    at++;
    let value: unknown;
    try {
      value = JSON.parse(text.slice(start, at));
    } catch {
      fault('bad escape in a string');
    }
    if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) fault('lone surrogate in a string');
    return value;
  }
  function number(): JsonNumber {
    const match = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    match.lastIndex = at;
    const found = match.exec(text)?.[0] ?? fault('unexpected character');
    at += found.length;
    return new JsonNumber(found);
  }
  function members<T>(close: string, member: () => T): T[] {
    at++;
    skip();
    const all: T[] = [];
    if (text[at] === close) at++;
    else {
      for (;;) {
        skip();
        all.push(member());
        skip();
        if (text[at] === close) break;
        expect(',');
      }
      at++;
    }
    return all;
  }
  function object(depth: number): Map<string, JsonValue> {
    const map = new Map<string, JsonValue>();
    members('}', () => {
      const key = string();
      if (key === '__proto__') fault('key "__proto__"');
      if (map.has(key)) fault(`duplicate key ${JSON.stringify(key.slice(0, 80))}`);
      skip();
      expect(':');
      map.set(key, value(depth));
    });
    return map;
  }
  function value(depth: number): JsonValue {
    if (depth > maxDepth) fault(`nesting over ${maxDepth} levels`);
    skip();
    const char = text[at];
    if (char === '{') return object(depth + 1);
    if (char === '[') return members(']', () => value(depth + 1));
    if (char === '"') return string();
    for (const [word, result] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return result;
    }
    return number();
  }

  const result = value(0);
  skip();
  if (at < text.length) fault('text after the value');
  return result;
}
