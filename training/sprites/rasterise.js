// Rasterises every subject in three art styles into sprites.npz: uint8 [subjects, styles, 96, 96, 4], straight alpha.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { zipSync } from "fflate";
import sharp from "sharp";

const SIZE = 96;
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };
const here = (path) => new URL(path, import.meta.url);
const subjects = JSON.parse(readFileSync(here("../subjects.json"), "utf8"));
const noto = JSON.parse(readFileSync(here("node_modules/@iconify-json/noto/icons.json"), "utf8"));
const notoNames = JSON.parse(readFileSync(here("node_modules/@iconify-json/noto/chars.json"), "utf8"));

/** First readable file among the code point with and without its variation selector. */
function firstFile(path) {
  const found = ["", "-fe0f"].map((tail) => here(path(tail))).find((url) => existsSync(url));
  if (!found) throw new Error(`no sprite at ${path("")}`);
  return readFileSync(found);
}

const sources = {
  "3d": (code) => firstFile((tail) => `node_modules/@lobehub/fluent-emoji-3d/assets/${code}${tail}.webp`),
  illustration: (code) => {
    const name = notoNames[code] ?? notoNames[`${code}-fe0f`];
    const icon = noto.icons[name] ?? noto.icons[noto.aliases?.[name]?.parent];
    if (!icon) throw new Error(`noto has no ${code}`);
    const [w, h] = [icon.width ?? noto.width ?? 16, icon.height ?? noto.height ?? 16];
    return Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="512" height="512" viewBox="0 0 ${w} ${h}">${icon.body}</svg>`,
    );
  },
  flat: (code) =>
    Buffer.from(
      firstFile((tail) => `node_modules/@twemoji/svg/${code}${tail}.svg`)
        .toString("utf8")
        .replace("<svg ", '<svg width="512" height="512" '),
    ),
};

/** Trims the transparent border and fits the drawing into the square, standing on its lower edge. */
async function sprite(input) {
  const large = await sharp(input).resize(512, 512, { fit: "contain", background: CLEAR }).ensureAlpha().png().toBuffer();
  const trimmed = await sharp(large).trim({ threshold: 8 }).png().toBuffer();
  return sharp(trimmed)
    .resize(SIZE, SIZE, { fit: "contain", position: "bottom", background: CLEAR })
    .ensureAlpha()
    .raw()
    .toBuffer();
}

/** A C-ordered uint8 array in the npy format, version 1.0. */
function npy(shape, data) {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11, " ") + "\n";
  const head = Buffer.alloc(10);
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(padded.length, 8);
  return new Uint8Array(Buffer.concat([head, Buffer.from(padded, "latin1"), data]));
}

const pixels = [];
for (const { code } of subjects) {
  for (const style of Object.keys(sources)) pixels.push(await sprite(sources[style](code)));
}
const array = npy([subjects.length, 3, SIZE, SIZE, 4], Buffer.concat(pixels));
const zip = zipSync({ "sprites.npy": [array, { level: 9, mtime: "1980-01-01T00:00:00Z" }] });
writeFileSync(here("sprites.npz"), zip);
console.log(`${subjects.length} subjects x 3 styles, ${zip.length} bytes`);
