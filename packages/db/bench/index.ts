// For the benches of this and other packages.

export { type Filled, fill, STEPS, TOKENIZERS } from './fill.ts';
export { onBothForms, tableOfTimes } from './measure.ts';
