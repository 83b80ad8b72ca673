// The GraphQL documents of the history.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const RunCardFragment = graphql(`
  fragment RunCard on Run {
    id
    name
    prompts
    status
    error { message }
    tokenizer
    loss
    score
    iterations
    stepCount
    pinned
    cancelRequested
    createdAt
    startedAt
    finishedAt
    user { id name image }
    session { id name }
    picture(size: 192) { url }
  }
`);

export type RunCard = ResultOf<typeof RunCardFragment>;

export const HistoryDocument = graphql(
  `
    query History($workspaceId: ID!, $first: Int!, $after: String, $filter: RunFilter, $orderBy: RunOrder) {
      workspace(id: $workspaceId) {
        id
        runs(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
          totalCount
          nodes { ...RunCard }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  `,
  [RunCardFragment],
);

export const LookalikesDocument = graphql(
  `
    query Lookalikes($workspaceId: ID!, $text: String!) {
      workspace(id: $workspaceId) {
        id
        runsNearImage(to: { text: $text }, first: 60) { similarity run { ...RunCard } }
      }
    }
  `,
  [RunCardFragment],
);

export const RunCardsDocument = graphql(
  `
    query RunCards($ids: [ID!]!) {
      runs(ids: $ids) { ...RunCard }
    }
  `,
  [RunCardFragment],
);

export const RunsChangedSubscription = graphql(
  `
    subscription RunsChanged($workspaceId: ID!) {
      runsChanged(workspaceId: $workspaceId) { ...RunCard }
    }
  `,
  [RunCardFragment],
);

export const WorkspaceChangedSubscription = graphql(`
  subscription WorkspaceChanged($workspaceId: ID!) {
    workspaceChanged(workspaceId: $workspaceId) { kind id }
  }
`);

export const HistoryChoicesDocument = graphql(`
  query HistoryChoices($workspaceId: ID!) {
    models { id name kind installed }
    workspace(id: $workspaceId) {
      id
      rights
      sessions(first: 100) { nodes { id name } }
    }
  }
`);

/** Apart: who holds a link only may not ask for it. */
export const HistoryPeopleDocument = graphql(`
  query HistoryPeople($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      id
      members { user { id name } }
    }
  }
`);
