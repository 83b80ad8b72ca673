// Entry of the database thread: plain JavaScript that makes TypeScript loadable, as a thread inherits no loader.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
