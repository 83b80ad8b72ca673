// What the session page asks for once: the session, who asks, and what the server offers.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const SESSION = graphql(`
  query Session($id: ID!) {
    session(id: $id) {
      id
      name
      rights
      workspace { id name rights }
    }
    viewer { kind user { id name } }
    studio { accounts defaultTokenizer defaultClip defaultSiglip provider }
    presets { name title description settings fromNoise: settings(start: NOISE) }
  }
`);

/** Asked apart: a worker answers it, and there may be none for the moment. */
export const MODELS = graphql(`
  query SessionModels {
    models { id name kind family imageSize positions codebookSize installed embedded }
  }
`);

export type SessionAnswer = ResultOf<typeof SESSION>;
export type Model = ResultOf<typeof MODELS>['models'][number];
export type OpenSession = NonNullable<SessionAnswer['session']>;
export type Right = OpenSession['rights'][number];
