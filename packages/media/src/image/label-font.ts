// A 5 x 7 pixel font for labels, so that they look the same on machines without any fonts installed.

export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;

// Seven rows per glyph, each one base-32 digit whose five bits are the pixels, the highest bit leftmost.
const glyphs: Readonly<Record<string, string>> = Object.fromEntries(
  [
    '  0000000  ! 4444404  " aaa0000  # aavavaa  % op248j3  & cik8lid  ( 2488842  ) 8422248  * 04lel40',
    '+ 044v440  , 0000448  - 000v000  . 00000cc  / 01248g0  : 0cc0cc0  ; 0cc0448  < 248g842  = 00v0v00',
    '> 8421248  ? eh12404  @ ehnlnge  [ e88888e  ] e22222e  _ 000000v  | 4444444  ~ 008l200',
    '0 ehjlphe  1 4c4444e  2 eh1248v  3 v2421he  4 26aiv22  5 vgu11he  6 68guhhe  7 v124888  8 ehhehhe  9 ehhf12c',
    'A ehhvhhh  B uhhuhhu  C ehggghe  D sihhhis  E vgguggv  F vgguggg  G ehgnhhf  H hhhvhhh  I e44444e',
    'J 72222ic  K hikokih  L ggggggv  M hrllhhh  N hhpljhh  O ehhhhhe  P uhhuggg  Q ehhhlid  R uhhukih',
    'S fgge11u  T v444444  U hhhhhhe  V hhhhha4  W hhhllla  X hha4ahh  Y hhha444  Z v1248gv',
  ].flatMap((line) => Array.from(line.matchAll(/(.) ([0-9a-v]{7})(?: {2}|$)/g), ([, glyph, rows]) => [glyph, rows])),
);
const apostrophe = '4480000';
const unknown = 'vhhhhhv';

/** Calls `plot(x, y)` for every set pixel of `text`, one line, top left at 0, 0. Small letters are drawn as capitals. */
export function drawText(text: string, plot: (x: number, y: number) => void): void {
  Array.from(text.toUpperCase()).forEach((glyph, index) => {
    const rows = glyph === "'" ? apostrophe : (glyphs[glyph] ?? unknown);
    Array.from(rows).forEach((digit, y) => {
      const bits = Number.parseInt(digit, 32);
      for (let x = 0; x < GLYPH_WIDTH; x += 1) {
        if (bits & (1 << (GLYPH_WIDTH - 1 - x))) plot(index * (GLYPH_WIDTH + 1) + x, y);
      }
    });
  });
}

/** How many characters fit into `width` px. */
export const charactersIn = (width: number): number => Math.floor((width + 1) / (GLYPH_WIDTH + 1));
