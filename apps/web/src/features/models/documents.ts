// The GraphQL document of the model list.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const ModelsDocument = graphql(`
  query Models {
    studio { defaultTokenizer defaultClip defaultSiglip provider }
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
