// Public face of @tessera/schema: the executable schema, and what a server needs to run operations on it.
export { type Context, makeContext, type Services, type ShareGrant, type StudioFacts, type Viewer } from './context.ts';
export { errorFormatter, type OnInternalError } from './error-formatter.ts';
export { type Problem, problemOf } from './errors.ts';
export { type OperationCost, operationCost } from './operation-cost.ts';
export {
  type PictureRenderer,
  type PictureSubject,
  pictureRenderer,
} from './pictures/render.ts';
export { printedSchema } from './printed-schema.ts';
export { schema } from './schema.ts';
export { authoriseDocuments, type DocumentActor } from './sessions/actor.ts';
export { databaseDocumentStore } from './sessions/document-store.ts';
export { signedTickets } from './signed-tickets.ts';
export type { TicketSubject, Tickets } from './tickets.ts';
