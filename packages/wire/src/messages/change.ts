// Something of a workspace was created, changed or deleted: lists have to look again. Latest events of `topics.workspace`.
import { decodeOnce } from '@tessera/bus';
import { RUN_STATUSES, type RunStatus } from '@tessera/protocol';
import { type ZodType, z } from 'zod';
import { id } from './fields.ts';
import { pack, unpack } from './pack.ts';

export const CHANGE_KINDS = ['SESSION', 'SEED', 'MASK', 'COMMENT', 'SWEEP', 'MEMBER'] as const;

export type WorkspaceChange =
  | { readonly kind: (typeof CHANGE_KINDS)[number]; readonly id: string }
  /** `sessionId` null: the run belongs to no session. */
  | { readonly kind: 'RUN'; readonly id: string; readonly sessionId: string | null; readonly status: RunStatus };

const change: ZodType<WorkspaceChange> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(CHANGE_KINDS), id }),
  z.strictObject({ kind: z.literal('RUN'), id, sessionId: id.nullable(), status: z.enum(RUN_STATUSES) }),
]);

export const encodeChange = (message: WorkspaceChange): Uint8Array => pack(message);

/** The same bytes give the same object: do not change it. @throws WireFormatError */
export const decodeChange = decodeOnce((data): WorkspaceChange => unpack('change of a workspace', change, data));
