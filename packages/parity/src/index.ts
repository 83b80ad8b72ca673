// Shared by the parity suites: the golden files, and our models and engine set up to meet them.
export {
  GOLDEN,
  GoldenFile,
  type GoldenTensor,
  goldenEntries,
  goldenJson,
  relativeError,
  tokensFirst,
} from './golden.ts';
export { goldenLibrary, goldenModel } from './library.ts';
export { readTrajectory, type Trajectory } from './trajectory.ts';
