// Starts a run of what the session's document says on the server, its painted mask included.
import { graphql } from '../../../gql/graphql.ts';
import { mutate } from '../../../gql/mutate.ts';

const START = graphql(`
  mutation StartRun($input: StartRunInput!) {
    startRun(input: $input) { run { id } problem { code message field } }
  }
`);

/** Answers with the run's id. @throws TroubleError */
export async function startSessionRun(sessionId: string): Promise<string | null> {
  const { run } = await mutate(START, { input: { sessionId, idempotencyKey: crypto.randomUUID() } });
  return run?.id ?? null;
}
