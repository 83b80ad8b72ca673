// What the tests see of the package: its public face, and the byte packing behind constants.
export { packElements } from '../../src/dtype.ts';
export * from '../../src/index.ts';
