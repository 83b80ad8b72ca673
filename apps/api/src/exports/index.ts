// Downloads of runs, as the route of their tickets serves them.
export { type ExportedFile, type ExportServices, type ExportSubject, exportRun } from './export-run.ts';
export { BusyError, Turns } from './turns.ts';
