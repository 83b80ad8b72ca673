// NumPy's .npz files: a ZIP archive of one .npy file per array.
import { ArrayFormatError } from '../errors.ts';
import { type Limits, limitsWith } from '../limits.ts';
import type { NdArray } from './dtypes.ts';
import { decodeNpy, encodeNpy } from './npy.ts';
import { readZip, writeZip } from './zip.ts';

const SUFFIX = '.npy';
/** What `numpy.load` gives back as a key, and no path. */
const NAME = /^[\w.-]{1,100}$/;

/** An archive that `numpy.load` reads; the same arrays give the same bytes. @throws ArrayFormatError */
export function encodeNpz(arrays: Readonly<Record<string, NdArray>>, { compress = true } = {}): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => {
    if (!NAME.test(name)) throw new ArrayFormatError(`"${name}" cannot name an array; use letters, digits, _, - and .`);
    return { name: name + SUFFIX, data: encodeNpy(array) };
  });
  return writeZip(files, compress);
}

/**
 * All arrays of an archive by name.
 * @throws ArrayFormatError for damaged archives and for arrays `decodeNpy` refuses; LimitError (before inflating)
 */
export function decodeNpz(bytes: Uint8Array, own: Partial<Limits> = {}): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  for (const { name, data } of readZip(bytes, limitsWith(own))) {
    const key = name.slice(0, -SUFFIX.length);
    if (!name.endsWith(SUFFIX) || !NAME.test(key)) {
      throw new ArrayFormatError(
        `the archive holds "${name.slice(0, 100)}", which is no array; save it with numpy.savez`,
      );
    }
    arrays.set(key, decodeNpy(data, own));
  }
  return arrays;
}
