// The GraphQL documents of comparisons.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const ComparedRunsDocument = graphql(`
  query ComparedRuns($ids: [ID!]!) {
    runs(ids: $ids) {
      id
      name
      prompts
      status
      tokenizer
      tokenKind
      positions
      loss
      score
      iterations
      stepCount
      plan
      workspace { id rights }
      session { id rights }
    }
  }
`);

export type ComparedRun = NonNullable<ResultOf<typeof ComparedRunsDocument>['runs'][number]>;

export const StepDiffDocument = graphql(`
  query StepDifference($before: StepInput!, $after: StepInput!) {
    stepDiff(before: $before, after: $after) {
      positions { position before after }
      lossBefore
      lossAfter
      scoreBefore
      scoreAfter
      distance
    }
  }
`);

export type StepDifference = ResultOf<typeof StepDiffDocument>['stepDiff'];

export const MergeRunsMutation = graphql(`
  mutation MergeRuns($input: MergeRunsInput!) {
    mergeRuns(input: $input) { run { id } problem { code message field } }
  }
`);

export const RecentRunsDocument = graphql(`
  query RecentRuns($workspaceId: ID!, $first: Int!, $after: String, $filter: RunFilter) {
    workspace(id: $workspaceId) {
      id
      runs(first: $first, after: $after, filter: $filter) {
        nodes { id name prompts stepCount picture(size: 128) { url } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

export const CurveDocument = graphql(`
  query RunCurve($id: ID!, $from: Int!, $to: Int!, $stride: Int!) {
    run(id: $id) {
      id
      steps(from: $from, to: $to, stride: $stride) { step loss score }
    }
  }
`);
