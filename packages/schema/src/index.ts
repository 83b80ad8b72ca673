// Public face of @tessera/schema: the executable schema, and what a server needs to run operations on it.
export { presetSettings } from './catalogue/preset-settings.ts';
export { type Context, makeContext, type Services, type ShareGrant, type StudioFacts, type Viewer } from './context.ts';
export { errorFormatter, type OnInternalError } from './error-formatter.ts';
export { type Problem, problemOf, SchemaError } from './errors.ts';
export { type OperationCost, operationCost } from './operation-cost.ts';
export {
  type PictureRenderer,
  type PictureSubject,
  pictureRenderer,
} from './pictures/render.ts';
export { printedSchema } from './printed-schema.ts';
export { exportFilename, isRunExport, RUN_EXPORTS, type RunExport } from './runs/exports/formats.ts';
export { type HistoryRange, historyOf, stepsIn } from './runs/exports/history.ts';
export {
  encodeTokenTable,
  type TableShape,
  TOKEN_FORMAT,
  type TokenFacts,
  type TokenTable,
  tokenTable,
} from './runs/exports/token-table.ts';
export { csvOf, jsonOf } from './runs/exports/token-text.ts';
export { planOf } from './runs/run-config.ts';
export { schema } from './schema.ts';
export { authoriseDocuments, type DocumentActor } from './sessions/actor.ts';
export { databaseDocumentStore } from './sessions/document-store.ts';
export { signedTickets } from './signed-tickets.ts';
export type { TicketSubject, Tickets } from './tickets.ts';
