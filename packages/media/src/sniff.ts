// Recognises a file by its first bytes, never by its name.

/** What a file is: `format` is stable for programs, `words` completes "this is ...". */
export type Sniffed = { readonly format: string; readonly words: string };

type Row = Sniffed & { readonly matches: (head: Buffer) => boolean };

const at = (offset: number, magic: string) => (head: Buffer) =>
  head.toString('latin1', offset, offset + magic.length) === magic;

const riff = (kind: string) => (head: Buffer) => at(0, 'RIFF')(head) && at(8, kind)(head);

/** ISO base media files (HEIF, AVIF, MP4) name their brand after `ftyp`. */
const brand = (names: RegExp) => (head: Buffer) => at(4, 'ftyp')(head) && names.test(head.toString('latin1', 8, 12));

const text = (pattern: RegExp) => (head: Buffer) => pattern.test(head.toString('utf8').replace(/^\uFEFF/, ''));

// The first row that matches wins, so narrow rows stand before wide ones.
const table: readonly Row[] = [
  { format: 'jpeg', words: 'a JPEG image', matches: at(0, '\xff\xd8\xff') },
  { format: 'png', words: 'a PNG image', matches: at(0, '\x89PNG\r\n\x1a\n') },
  { format: 'webp', words: 'a WebP image', matches: riff('WEBP') },
  { format: 'gif', words: 'a GIF image', matches: text(/^GIF8[79]a/) },
  {
    format: 'tiff',
    words: 'a TIFF image',
    matches: (h) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((m) => at(0, m)(h)),
  },
  { format: 'avif', words: 'an AVIF image', matches: brand(/^avi[fs]$/) },
  { format: 'heif', words: 'a HEIF/HEIC image', matches: brand(/^(hei[cxms]|hev[cxms]|mif1|msf1)$/) },
  { format: 'mp4', words: 'an MP4 video', matches: brand(/^/) },
  { format: 'webm', words: 'a WebM or Matroska video', matches: at(0, '\x1a\x45\xdf\xa3') },
  { format: 'bmp', words: 'a BMP image', matches: at(0, 'BM') },
  { format: 'ico', words: 'an icon file', matches: at(0, '\0\0\x01\0') },
  { format: 'jxl', words: 'a JPEG XL image', matches: (h) => at(0, '\xff\x0a')(h) || at(4, 'JXL ')(h) },
  { format: 'jp2', words: 'a JPEG 2000 image', matches: (h) => at(4, 'jP  ')(h) || at(0, '\xff\x4f\xff\x51')(h) },
  { format: 'psd', words: 'a Photoshop document', matches: at(0, '8BPS') },
  { format: 'exr', words: 'an OpenEXR image', matches: at(0, '\x76\x2f\x31\x01') },
  { format: 'pdf', words: 'a PDF document', matches: at(0, '%PDF-') },
  { format: 'zip', words: 'a ZIP archive', matches: at(0, 'PK\x03\x04') },
  { format: 'gzip', words: 'a gzip archive', matches: at(0, '\x1f\x8b') },
  { format: 'npy', words: 'a NumPy array', matches: at(0, '\x93NUMPY') },
  {
    format: 'svg',
    words: 'an SVG drawing',
    matches: text(/^\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>?\s*)?<([\w-]+:)?svg[\s>:]/i),
  },
  { format: 'html', words: 'an HTML page', matches: text(/^\s*<(!doctype html|html|head|body)/i) },
  { format: 'xml', words: 'an XML document', matches: text(/^\s*<\?xml/) },
];

/** Names the format of `bytes`, or undefined when no row of the table fits. Looks at the first 1,024 bytes only. */
export function sniff(bytes: Uint8Array): Sniffed | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024));
  const row = table.find((candidate) => candidate.matches(head));
  return row && { format: row.format, words: row.words };
}
