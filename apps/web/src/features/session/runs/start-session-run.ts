// Starts a run of what the session's document says, with the independent meter beside the objective.
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';
import { globalId } from '../../../lib/node-id.ts';
import type { DocumentView } from '../document/session-document.ts';
import { documentPlan, type ModelNames, planValues } from './document-plan.ts';

const START = graphql(`
  mutation StartRun($input: StartRunInput!) {
    startRun(input: $input) { run { id } problem { code message field } }
  }
`);

const PAINTED = graphql(`
  mutation KeepPaintedMask($input: CreateMaskInput!) {
    createMask(input: $input) { mask { id } problem { code message field } }
  }
`);

/** Steps between two readings of the meter: each costs a pass of another encoder. */
const METER_EVERY = 10;

export interface RunnableSession {
  readonly sessionId: string;
  readonly document: DocumentView;
  readonly studio: ModelNames;
  readonly meter: boolean;
}

/** Answers with the run's id. @throws TroubleError, PlanInputError */
export async function startSessionRun({ sessionId, document, studio, meter }: RunnableSession): Promise<string | null> {
  const idempotencyKey = crypto.randomUUID();
  const own = meter ? await meteredInput(sessionId, document, studio) : {};
  const { run } = await mutate(START, { input: { sessionId, idempotencyKey, ...own } });
  return run?.id ?? null;
}

/** Without a plan the server takes the document as it is, and that knows no meter. */
async function meteredInput(sessionId: string, document: DocumentView, studio: ModelNames) {
  const plan = documentPlan(document, studio);
  const { seedId: row, startFrom } = document.settings;
  const compares = plan.resetEvery > 0 || plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2');
  const seedId = row !== null && (compares || startFrom === 'seed') ? globalId('Seed', row) : null;
  const masked = seedId !== null && compares && document.strokes.length > 0;
  return {
    plan: { ...planValues(plan), meter: { every: METER_EVERY } },
    seedId,
    maskId: masked ? await paintedMask(sessionId, seedId) : null,
  };
}

async function paintedMask(sessionId: string, seedId: string): Promise<string | null> {
  const { mask } = await mutate(PAINTED, { input: { seedId, sessionId, name: 'Painted mask' } });
  return mask?.id ?? null;
}
