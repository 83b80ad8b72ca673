// The GraphQL documents of a run's page.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const RunDocument = graphql(`
  query RunPage($id: ID!) {
    run(id: $id) {
      id
      name
      status
      error { code message }
      interruption
      prompts
      tokenizer
      tokenKind
      positions
      plan
      manifest
      deadKnobs
      iterations
      stepCount
      firstStep
      skippedSteps
      loss
      score
      pinned
      cancelRequested
      queuePosition { ahead queued }
      createdAt
      startedAt
      finishedAt
      forkStep
      sweepCell
      workspace { id name rights }
      session { id name rights }
      user { id name image }
      seed { id name picture(size: 256) { url } }
      mask { id name picture(size: 256) { url } }
      sweep { id name }
      picture(size: 128) { url }
      steering { seq user { id name } change appliedStep createdAt }
    }
  }
`);

export type RunDetails = NonNullable<ResultOf<typeof RunDocument>['run']>;

const BranchFragment = graphql(`
  fragment Branch on Run {
    id
    name
    prompts
    status
    score
    forkStep
    stepCount
    parent { id }
    picture(size: 64) { url }
  }
`);

export type Branch = ResultOf<typeof BranchFragment>;

export const AncestorsDocument = graphql(
  `
    query RunAncestors($id: ID!) {
      run(id: $id) {
        ...Branch
        parent { ...Branch parent { ...Branch parent { ...Branch } } }
      }
    }
  `,
  [BranchFragment],
);

export const ForksDocument = graphql(
  `
    query RunForks($ids: [ID!]!) {
      runs(ids: $ids) { id forks { ...Branch } }
    }
  `,
  [BranchFragment],
);

export const StepPicturesDocument = graphql(`
  query StepPictures($id: ID!, $from: Int!, $to: Int!, $size: Int!) {
    run(id: $id) {
      id
      steps(from: $from, to: $to) {
        step
        picture(size: $size) { url }
      }
    }
  }
`);

export const NeighboursDocument = graphql(`
  query RunNeighbours($workspaceId: ID!, $id: ID!, $by: TokenDistance!) {
    workspace(id: $workspaceId) {
      id
      runsNearTokens(to: { runId: $id }, by: $by, first: 8) {
        distance
        overlap
        run { id name prompts score picture(size: 128) { url } }
      }
    }
  }
`);

export const PictureNeighboursDocument = graphql(`
  query RunPictureNeighbours($workspaceId: ID!, $id: ID!) {
    workspace(id: $workspaceId) {
      id
      runsNearImage(to: { runId: $id }, first: 8) {
        similarity
        run { id name prompts score picture(size: 128) { url } }
      }
    }
  }
`);

export const TrackSubscription = graphql(`
  subscription RunTrack($id: ID!, $after: Int!, $maxFps: Float!, $frame: FrameInput) {
    runSteps(runId: $id, after: $after, frame: $frame, maxFps: $maxFps) {
      __typename
      seq
      ... on StepEvent {
        step {
          step
          loss
          regularisation
          score
          skipped
          tokens
          changed
          gradientNorms
          steering
          terms { kind loss weight similarity negativeSimilarity }
        }
      }
      ... on FrameEvent { frameStep: step dataUrl }
      ... on StatusEvent { status error { code message } }
      ... on GapEvent { from to }
    }
  }
`);

export const ExportDocument = graphql(`
  query RunExport($id: ID!, $format: RunExport!, $step: Int, $size: Int, $fps: Float, $stride: Int) {
    run(id: $id) {
      id
      export(format: $format, step: $step, size: $size, fps: $fps, stride: $stride) { url filename contentType }
    }
  }
`);

export const UpdateRunMutation = graphql(`
  mutation UpdateRun($input: UpdateRunInput!) {
    updateRun(input: $input) { run { id name pinned } problem { code message field } }
  }
`);
export const CancelRunMutation = graphql(`
  mutation CancelRun($input: CancelRunInput!) {
    cancelRun(input: $input) { run { id status cancelRequested } problem { code message field } }
  }
`);
export const DeleteRunMutation = graphql(`
  mutation DeleteRun($input: DeleteRunInput!) {
    deleteRun(input: $input) { deletedId problem { code message field } }
  }
`);
export const ForkRunMutation = graphql(`
  mutation ForkRun($input: ForkRunInput!) {
    forkRun(input: $input) { run { id } problem { code message field } }
  }
`);
export const SeedFromStepMutation = graphql(`
  mutation SeedFromStep($input: CreateSeedInput!) {
    createSeed(input: $input) { seed { id name } problem { code message field } }
  }
`);
