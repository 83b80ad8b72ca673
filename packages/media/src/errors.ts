// Every error this package throws on purpose: one line, what was wrong and what would be right.

/** The base of all errors of this package. `code` is stable and may be shown to programs. */
export class MediaError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    // A path or a decoder's own words may hold line breaks.
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The bytes are of a kind that is not taken in; `found` names it in words. */
export class UnsupportedFormatError extends MediaError {
  readonly found: string;
  constructor(found: string, wanted = 'a JPEG, PNG or WebP image') {
    super('unsupported-format', `this is ${found}; give ${wanted}`);
    this.found = found;
  }
}

/** A limit of `limits.ts` was passed. `value` and `max` are in `unit`. */
export class LimitError extends MediaError {
  readonly limit: string;
  readonly value: number;
  readonly max: number;
  constructor(limit: string, value: number, max: number, unit: string, cure: string) {
    super('over-limit', `${limit} is ${value} ${unit}, over the limit of ${max} ${unit}; ${cure}`);
    this.limit = limit;
    this.value = value;
    this.max = max;
  }
}

/** The file starts like an image but cannot be decoded to its end. */
export class CorruptImageError extends MediaError {
  readonly format: string;
  constructor(format: string, detail: string, options?: ErrorOptions) {
    super(
      'corrupt-image',
      `this ${format} file is damaged or cut short (${detail}); export or download it again`,
      options,
    );
    this.format = format;
  }
}

/** Decoding was given up after `seconds`: the file may be good and the machine busy. */
export class DecodeTimeoutError extends MediaError {
  readonly format: string;
  readonly seconds: number;
  constructor(format: string, seconds: number, options?: ErrorOptions) {
    super(
      'decode-timeout',
      `this ${format} file was not decoded within ${seconds} s; try again when the machine is less busy, or scale the image down`,
      options,
    );
    this.format = format;
    this.seconds = seconds;
  }
}

/** The path cannot be read; `reason` is the system's code, such as ENOENT. */
export class FileAccessError extends MediaError {
  readonly path: string;
  readonly reason: string;
  constructor(path: string, reason: string, message: string, options?: ErrorOptions) {
    super('file-access', message, options);
    this.path = path;
    this.reason = reason;
  }
}

type Size = { readonly width: number; readonly height: number };

/** A mask has another size than the image that it belongs to. */
export class MaskSizeError extends MediaError {
  readonly mask: Size;
  readonly image: Size;
  constructor(mask: Size, image: Size) {
    const want = `${image.width} x ${image.height}`;
    super(
      'mask-size',
      `the mask is ${mask.width} x ${mask.height} px and its image ${want} px; make the mask ${want} px`,
    );
    this.mask = mask;
    this.image = image;
  }
}

/** A frame's data does not fit its width and height, or frames of one animation differ in size. */
export class FrameShapeError extends MediaError {
  constructor(message: string) {
    super('frame-shape', message);
  }
}

/** An option has a value that cannot be used. */
export class OptionError extends MediaError {
  readonly option: string;
  constructor(option: string, value: unknown, wanted: string) {
    super('bad-option', `${option} is ${String(value)}; it must be ${wanted}`);
    this.option = option;
  }
}

/** A PNG's manifest chunk is absent where one is needed, damaged, too large or not JSON. */
export class ManifestError extends MediaError {
  constructor(message: string, options?: ErrorOptions) {
    super('bad-manifest', message, options);
  }
}

/** A `.npy` or `.npz` file breaks its format, or holds what we do not read. */
export class ArrayFormatError extends MediaError {
  constructor(message: string, options?: ErrorOptions) {
    super('bad-array', message, options);
  }
}

/** A program outside this package (ffmpeg) is needed and not there. */
export class EncoderMissingError extends MediaError {
  constructor(message: string) {
    super('encoder-missing', message);
  }
}

/** An encoder refused or failed; `message` holds its own last words. */
export class EncodeError extends MediaError {
  constructor(message: string, options?: ErrorOptions) {
    super('encode-failed', message, options);
  }
}
