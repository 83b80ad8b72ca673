// The live side of a session's document.
import type { DocumentFeed } from '@tessera/collab';
import { requireRight } from '../access.ts';
import { builder } from '../builder.ts';
import { DOCUMENT_COST } from '../cost.ts';
import { found, scopeOf } from '../found.ts';
import { checkWhole, idOf } from '../input-checks.ts';
import { guarded } from '../subscription.ts';
import { documentActor } from './actor.ts';

type Update = Awaited<ReturnType<DocumentFeed['next']>>['value'] & object;

const DocumentUpdateRef = builder.objectRef<Update>('DocumentUpdate').implement({
  access: 'held',
  fields: (t) => ({
    seq: t.exposeInt('seq', { description: 'A reader is complete up to this number.' }),
    update: t.field({ type: 'Bytes', resolve: ({ bytes }) => bytes }),
  }),
});

builder.subscriptionField('sessionDoc', (t) =>
  t.field({
    type: DocumentUpdateRef,
    description: 'Updates after `after`, the `seq` of a sync: first what was stored since, merged into one, then live.',
    access: { checked: 'view' },
    complexity: DOCUMENT_COST,
    args: { sessionId: t.arg.id({ required: true }), after: t.arg.int({ required: true }) },
    subscribe: async (_root, { sessionId, after }, ctx) => {
      const session = await found(ctx, 'Session', idOf('Session', sessionId, 'sessionId'), 'sessionId');
      const check = () => requireRight(ctx, 'view', scopeOf('Session', session), 'session');
      await check();
      checkWhole('after', after, 0, 2 ** 31 - 1);
      return guarded(ctx, await ctx.documents.updates(session.id, documentActor(ctx), { after }), check);
    },
    resolve: (update) => update,
  }),
);
