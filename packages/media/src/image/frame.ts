// The one picture type of this package: 8-bit RGB, rows of pixels (height x width x 3).
import { FrameShapeError, OptionError } from '../errors.ts';

/** 8-bit sRGB, HWC: `data[(y * width + x) * 3 + channel]`, length `width * height * 3`. */
export type RgbFrame = { readonly width: number; readonly height: number; readonly data: Uint8Array };

/** @throws FrameShapeError when sizes are not positive integers or `data` has another length. */
export function checkFrame(frame: RgbFrame): void {
  const { width, height, data } = frame;
  const sound = Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0;
  if (!sound) throw new FrameShapeError(`a frame is ${width} x ${height} px; both must be integers above 0`);
  const wanted = width * height * 3;
  if (data.length !== wanted) {
    throw new FrameShapeError(
      `a frame of ${width} x ${height} px holds ${data.length} bytes; RGB needs ${wanted} (height x width x 3)`,
    );
  }
}

/** @throws OptionError unless `value` is an integer in `min..max`. */
export function checkInteger(option: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new OptionError(option, value, `an integer from ${min} to ${max}`);
  }
}
