// Many frames of one size on one sheet, with an optional line of text under each.
import { FrameShapeError, LimitError, OptionError } from '../errors.ts';
import { type Limits, limitsWith } from '../limits.ts';
import { checkFrame, checkInteger, type RgbFrame } from './frame.ts';
import { charactersIn, drawText, GLYPH_HEIGHT } from './label-font.ts';

export type ContactSheetOptions = {
  /** Default: as near to a square as it gets. */
  readonly columns?: number;
  /** Px between frames and around the sheet; default 4. */
  readonly gap?: number;
  /** One per frame, ASCII; longer ones are cut to the frame's width. */
  readonly labels?: readonly string[];
  readonly limits?: Partial<Limits>;
};

const PAPER = 255;
const INK = 32;
const LABEL_HEIGHT = GLYPH_HEIGHT + 4;

/** One RGB frame that shows all `frames` row by row on white. @throws FrameShapeError, OptionError, LimitError */
export function contactSheet(frames: readonly RgbFrame[], options: ContactSheetOptions = {}): RgbFrame {
  const [first] = frames;
  if (!first) throw new OptionError('frames', 'an empty list', 'at least one frame');
  const { columns = Math.ceil(Math.sqrt(frames.length)), gap = 4, labels } = options;
  checkInteger('columns', columns, 1, 1000);
  checkInteger('gap', gap, 0, 1000);
  if (labels && labels.length !== frames.length) {
    throw new OptionError('labels', `${labels.length} texts`, `${frames.length} texts, one per frame`);
  }
  for (const frame of frames) checkSame(frame, first);

  const used = Math.min(columns, frames.length);
  const rows = Math.ceil(frames.length / used);
  const cell = { width: first.width + gap, height: first.height + gap + (labels ? LABEL_HEIGHT : 0) };
  const width = used * cell.width + gap;
  const height = rows * cell.height + gap;
  const max = limitsWith(options.limits).sheetPixels;
  if (width * height > max) {
    throw new LimitError(
      `a sheet of ${width} x ${height}`,
      width * height,
      max,
      'pixels',
      'show fewer or smaller frames',
    );
  }

  const data = new Uint8Array(width * height * 3).fill(PAPER);
  frames.forEach((frame, index) => {
    const left = gap + (index % used) * cell.width;
    const top = gap + Math.floor(index / used) * cell.height;
    for (let y = 0; y < frame.height; y += 1) {
      const row = frame.data.subarray(y * frame.width * 3, (y + 1) * frame.width * 3);
      data.set(row, ((top + y) * width + left) * 3);
    }
    const label = Array.from(labels?.[index] ?? '').slice(0, charactersIn(frame.width));
    drawText(label.join(''), (x, y) => {
      const at = ((top + frame.height + 2 + y) * width + left + x) * 3;
      data.fill(INK, at, at + 3);
    });
  });
  return { width, height, data };
}

function checkSame(frame: RgbFrame, first: RgbFrame): void {
  checkFrame(frame);
  if (frame.width !== first.width || frame.height !== first.height) {
    throw new FrameShapeError(
      `a frame is ${frame.width} x ${frame.height} px among frames of ${first.width} x ${first.height} px; make all one size`,
    );
  }
}
