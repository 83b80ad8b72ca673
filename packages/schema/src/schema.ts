// The schema, once every file has added its types.
import { builder } from './builder.ts';
import './scalars.ts';
import './enums.ts';
import './people/user.ts';
import './people/viewer.ts';
import './people/workspace.ts';
import './people/workspace-mutations.ts';
import './people/workspace-changes.ts';
import './people/invitations.ts';
import './people/share-links.ts';
import './people/audit-log.ts';
import './catalogue/catalogue.ts';
import './sessions/session.ts';
import './sessions/document.ts';
import './sessions/document-updates.ts';
import './sessions/presence.ts';
import './sessions/session-mutations.ts';
import './sessions/document-mutations.ts';
import './comments/comment.ts';
import './comments/comment-mutations.ts';
import './pictures/picture.ts';

export const schema = builder.toSchema({ sortSchema: false });
