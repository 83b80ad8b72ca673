// Formats are told by their first bytes.
import { expect, test } from 'vitest';
import { sniff } from '../src/index.ts';
import { open, quarters } from './support.ts';

test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('a real %s file', async (format) => {
  expect(sniff(await open(quarters(16, 16)).toFormat(format).toBuffer())?.format).toBe(format);
});

test.each([
  ['svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['svg', '\ufeff  <?xml version="1.0"?>\n<!-- made by hand -->\n<svg width="5">'],
  ['svg', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<svg>'],
  ['html', '<!DOCTYPE html><html>'],
  ['xml', '<?xml version="1.0"?><rss/>'],
  ['pdf', '%PDF-1.7'],
  ['zip', 'PK\x03\x04'],
  ['gif', 'GIF87a'],
  ['heif', '\0\0\0\x18ftypheic'],
  ['mp4', '\0\0\0\x18ftypisom'],
  ['bmp', 'BM'],
  ['psd', '8BPS'],
  ['ico', '\0\0\x01\0'],
])('%s by its magic', (format, text) => {
  expect(sniff(Buffer.from(text, text.startsWith('\ufeff') ? 'utf8' : 'latin1'))?.format).toBe(format);
});

test('nothing known', () => {
  expect(sniff(new Uint8Array())).toBeUndefined();
  expect(sniff(Buffer.from('RIFF\0\0\0\0WAVEfmt '))).toBeUndefined();
  expect(sniff(Buffer.from('just some words about <svg>'))).toBeUndefined();
});
