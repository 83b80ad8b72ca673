// The public face of @tessera/media: images, masks, animations and NumPy arrays, in and out of files.
export {
  type Animation,
  type AnimationCodec,
  type AnimationFormat,
  type AnimationOptions,
  encodeAnimation,
} from './animation/encode-animation.ts';
export { hasFfmpeg } from './animation/ffmpeg.ts';
export type { DtypeName, NdArray } from './arrays/dtypes.ts';
export { decodeNpy, encodeNpy } from './arrays/npy.ts';
export { decodeNpz, encodeNpz } from './arrays/npz.ts';
export {
  ArrayFormatError,
  CorruptImageError,
  DecodeTimeoutError,
  EncodeError,
  EncoderMissingError,
  FileAccessError,
  FrameShapeError,
  LimitError,
  ManifestError,
  MaskSizeError,
  MediaError,
  OptionError,
  UnsupportedFormatError,
} from './errors.ts';
export { type ContactSheetOptions, contactSheet } from './image/contact-sheet.ts';
export type { ImageFormat, ImageSource } from './image/decode.ts';
export { type EncodeFrameOptions, encodeFrame, type FrameFormat } from './image/encode-frame.ts';
export type { RgbFrame } from './image/frame.ts';
export { feather, readMask } from './image/mask.ts';
export { type ReadImage, readImage } from './image/read-image.ts';
export { maskToSquare, type SquareFit, toSquare } from './image/square.ts';
export { type Limit, type LimitName, type Limits, mediaLimits } from './limits.ts';
export { embedManifest, readManifest } from './manifest.ts';
export { type Sniffed, sniff } from './sniff.ts';
