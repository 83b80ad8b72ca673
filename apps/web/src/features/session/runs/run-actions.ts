// Stopping, pausing and going on with runs.
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';

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

export const cancelRun = (runId: string) => mutate(CANCEL, { input: { runId } });
export const pauseRun = (runId: string) => mutate(PAUSE, { input: { runId } });
export const resumeRun = (runId: string) => mutate(RESUME, { input: { runId } });
