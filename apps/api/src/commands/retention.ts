// npm run retention -w apps/api: deletes what is past its time, and folds long document logs into snapshots.
import { applyRetention, compactDocument, documentsToCompact } from '@tessera/db';
import * as Y from 'yjs';
import { runCommand, withDatabase } from './run-command.ts';

await runCommand((_args, config) =>
  withDatabase(config, async (database) => {
    const report = await applyRetention(database, config.limits);
    const documents = await documentsToCompact(database);
    for (const { workspaceId, sessionId } of documents) {
      await compactDocument(database, workspaceId, sessionId, mergeStates);
    }
    return JSON.stringify({ ...report, documentsCompacted: documents.length });
  }),
);

/** Through a document, not by merging bytes: what was deleted is then dropped. */
function mergeStates(parts: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const part of parts) Y.applyUpdate(doc, part);
  });
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return state;
}
