// Where onnxruntime-node keeps its native libraries, and whether an optional one is there.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A reason why the library of an optional provider cannot be loaded, or undefined. `file` as ONNX Runtime names it on Linux. */
export function missingLibrary(file: string): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `onnxruntime-node has this provider on linux/x64 only; this machine is ${process.platform}/${process.arch}.`;
  }
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const folder = join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch);
  return existsSync(join(folder, file))
    ? undefined
    : `the library ${file} is not installed (the npm package is without it).`;
}
