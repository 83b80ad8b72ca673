// Every limit of this package in one place: default, unit, reason. All can be overridden per call.

export type Limit = { readonly value: number; readonly unit: string; readonly reason: string };

export const mediaLimits = {
  maxBytes: {
    value: 10 * 1024 * 1024,
    unit: 'bytes',
    reason: 'a phone photo is 3 to 6 MB; the whole file is held in memory while it is checked',
  },
  maxPixels: {
    value: 4096 * 4096,
    unit: 'pixels',
    reason: '16 MP: RGB takes 48 MiB and RGBA 64 MiB, so a few decodes at once stay under 300 MB',
  },
  maxSide: {
    value: 16_383,
    unit: 'px',
    reason: 'the longest side WebP can hold; longer strips are no photos',
  },
  decodeSeconds: {
    value: 120,
    unit: 's',
    reason: 'the slowest honest 16 MP file takes one second of CPU; a machine full of other work gives it far less',
  },
  manifestBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    reason: 'a manifest is some kilobytes; a compressed chunk may claim gigabytes',
  },
  sheetPixels: {
    value: 64 * 1024 * 1024,
    unit: 'pixels',
    reason: 'a contact sheet is one RGB buffer: 192 MiB',
  },
  animationFrames: {
    value: 10_000,
    unit: 'frames',
    reason: 'five minutes at 30 frames a second, longer than any run',
  },
  animationBytes: {
    value: 512 * 1024 * 1024,
    unit: 'bytes',
    reason: 'encoded frames wait in memory until the file is closed',
  },
  arrayBytes: {
    value: 256 * 1024 * 1024,
    unit: 'bytes',
    reason: 'all arrays of one .npz after decompression; a token history is under 1 MB',
  },
  arrayEntries: {
    value: 1024,
    unit: 'arrays',
    reason: 'a run saves about ten arrays',
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof mediaLimits;
export type Limits = { readonly [K in LimitName]: number };

/** The defaults with the caller's own values laid over them. */
export function limitsWith(own: Partial<Limits> = {}): Limits {
  const names = Object.keys(mediaLimits) as LimitName[];
  return Object.fromEntries(names.map((name) => [name, own[name] ?? mediaLimits[name].value])) as Limits;
}
