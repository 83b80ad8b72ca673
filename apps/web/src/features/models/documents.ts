// The GraphQL documents of the model list and of the downloads in it.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const ModelsDocument = graphql(`
  query Models {
    studio { defaultTokenizer defaultClip defaultSiglip provider modelDownloads }
    models {
      id
      name
      kind
      family
      licence
      bytes
      embedded
      installed
      imageSize
      positions
      codebookSize
      channels
      sha256
    }
  }
`);

export type Model = ResultOf<typeof ModelsDocument>['models'][number];

export const ModelTasksDocument = graphql(`
  query ModelTasks {
    modelTasks {
      model
      kind
      state
      file
      received
      total
      bytesPerSecond
      failure { code message }
      sound
      files { path state }
    }
  }
`);

export type ModelTask = ResultOf<typeof ModelTasksDocument>['modelTasks'][number];

export const PullModelMutation = graphql(`
  mutation PullModel($input: PullModelInput!) {
    pullModel(input: $input) { task { model state } problem { code message field } }
  }
`);

export const CancelModelPullMutation = graphql(`
  mutation CancelModelPull($input: CancelModelPullInput!) {
    cancelModelPull(input: $input) { task { model state } problem { code message field } }
  }
`);

export const VerifyModelMutation = graphql(`
  mutation VerifyModel($input: VerifyModelInput!) {
    verifyModel(input: $input) { task { model state } problem { code message field } }
  }
`);
