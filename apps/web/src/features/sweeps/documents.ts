// The GraphQL documents of sweeps.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const SweepDocument = graphql(`
  query SweepGrid($id: ID!) {
    sweep(id: $id) {
      id
      name
      createdAt
      createdBy { id name }
      session { id name }
      axes { path values }
      runs {
        id
        name
        prompts
        status
        sweepCell
        iterations
        stepCount
        loss
        score
        workspace { id rights }
      }
    }
  }
`);

export type SweepDetails = NonNullable<ResultOf<typeof SweepDocument>['sweep']>;
export type SweepRun = SweepDetails['runs'][number];

export const SweepsDocument = graphql(`
  query Sweeps($workspaceId: ID!, $after: String) {
    workspace(id: $workspaceId) {
      id
      sweeps(first: 25, after: $after) {
        nodes {
          id
          name
          createdAt
          createdBy { id name }
          axes { path values }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const CreateSweepMutation = graphql(`
  mutation CreateSweep($input: CreateSweepInput!) {
    createSweep(input: $input) { sweep { id } problem { code message field } }
  }
`);

export const SweepSessionsDocument = graphql(`
  query SweepSessions($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      id
      sessions(first: 50, archived: false) { nodes { id name rights } }
    }
  }
`);
