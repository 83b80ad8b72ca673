// Names under which the server answers, and pages that may talk to it.
import { expect, it } from 'vitest';
import { originsOf } from '../src/access/origins.ts';

const config = { origins: [], accounts: false };

it.each([
  ['127.0.0.1', '127.0.0.1:3000'],
  ['127.0.0.1', 'localhost:3000'],
  ['127.0.0.2', '127.0.0.2:3000'],
  ['::1', '[::1]:3000'],
])('listening on %s it answers as %s', (host, name) => {
  const origins = originsOf({ ...config, host }, 3000);
  expect(origins.allowsHost(name)).toBe(true);
  expect(origins.allowsOrigin(`http://${name}`)).toBe(true);
});

it.each([
  undefined,
  '',
  'evil.example',
  'evil.example:3000',
  'localhost',
  'localhost:3001',
  'localhost.evil.example:3000',
])('in local mode it is not called %s', (name) => {
  expect(originsOf({ ...config, host: '127.0.0.1' }, 3000).allowsHost(name)).toBe(false);
});

it.each(['null', 'https://localhost:3000', 'http://evil.example:3000', 'http://localhost:3000.evil.example'])(
  'a page of %s may not connect',
  (origin) => {
    expect(originsOf({ ...config, host: '127.0.0.1' }, 3000).allowsOrigin(origin)).toBe(false);
  },
);
