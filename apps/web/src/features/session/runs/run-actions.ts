// Starting, stopping, pausing and going on with runs.
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';

const START = graphql(`
  mutation StartRun($input: StartRunInput!) {
    startRun(input: $input) { run { id } problem { code message field } }
  }
`);

const CANCEL = graphql(`
  mutation CancelRun($input: CancelRunInput!) {
    cancelRun(input: $input) { run { id status } problem { code message } }
  }
`);

const PAUSE = graphql(`
  mutation PauseRun($input: PauseRunInput!) {
    pauseRun(input: $input) { run { id status } problem { code message } }
  }
`);

const RESUME = graphql(`
  mutation ResumeRun($input: ResumeRunInput!) {
    resumeRun(input: $input) { run { id status } problem { code message } }
  }
`);

/** Runs what the session's document says now. Answers with the run's id. @throws TroubleError */
export async function startRun(sessionId: string): Promise<string | null> {
  const { run } = await mutate(START, { input: { sessionId, idempotencyKey: crypto.randomUUID() } });
  return run?.id ?? null;
}

export const cancelRun = (runId: string) => mutate(CANCEL, { input: { runId } });
export const pauseRun = (runId: string) => mutate(PAUSE, { input: { runId } });
export const resumeRun = (runId: string) => mutate(RESUME, { input: { runId } });
