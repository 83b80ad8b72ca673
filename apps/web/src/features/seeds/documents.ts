// The GraphQL documents of the seed library.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

const SeedCard = graphql(`
  fragment SeedCard on Seed {
    id
    name
    tags
    width
    height
    createdAt
    createdBy { id name }
    picture(size: 256) { url }
  }
`);

export type SeedCard = ResultOf<typeof SeedCard>;

export const SeedsDocument = graphql(
  `
    query Seeds($workspaceId: ID!, $first: Int!, $after: String, $tags: [String!]) {
      workspace(id: $workspaceId) {
        id
        seeds(first: $first, after: $after, tags: $tags) {
          nodes { ...SeedCard }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  `,
  [SeedCard],
);

export const SeedsByTextDocument = graphql(
  `
    query SeedsByText($workspaceId: ID!, $text: String!) {
      workspace(id: $workspaceId) {
        id
        seedsNearImage(to: { text: $text }, first: 60) { similarity seed { ...SeedCard } }
      }
    }
  `,
  [SeedCard],
);

export const SeedsLikeDocument = graphql(
  `
    query SeedsLike($workspaceId: ID!, $seedId: ID!) {
      workspace(id: $workspaceId) {
        id
        seedsNearImage(to: { seedId: $seedId }, first: 60) { similarity seed { ...SeedCard } }
      }
    }
  `,
  [SeedCard],
);

export const SeedDocument = graphql(
  `
    query SeedDetails($id: ID!, $tokenizer: String!) {
      seed(id: $id) {
        ...SeedCard
        large: picture(size: 512) { url }
        reconstruction(tokenizer: $tokenizer, size: 512) { url }
        tokens(tokenizer: $tokenizer)
        masks { id name createdAt picture(size: 192) { url } }
      }
    }
  `,
  [SeedCard],
);

export const AssociateSeedDocument = graphql(
  `
    query AssociateSeed($workspaceId: ID!, $prompt: String!, $mode: SeedAssociation!, $share: Float, $randomSeed: Int) {
      workspace(id: $workspaceId) {
        id
        associateSeed(prompt: $prompt, mode: $mode, share: $share, randomSeed: $randomSeed) { ...SeedCard }
      }
    }
  `,
  [SeedCard],
);

export const TokenizersDocument = graphql(`
  query Tokenizers {
    studio { defaultTokenizer }
    models { id name kind installed codebookSize }
  }
`);

export const SessionChoicesDocument = graphql(`
  query SessionChoices($workspaceId: ID!) {
    workspace(id: $workspaceId) {
      id
      sessions(first: 50, archived: false) { nodes { id name updatedAt rights } }
    }
  }
`);

export const CreateUploadMutation = graphql(`
  mutation CreateUpload($input: CreateUploadInput!) {
    createUpload(input: $input) { uploadId url expiresAt problem { code message field } }
  }
`);
export const CreateSeedMutation = graphql(`
  mutation CreateSeed($input: CreateSeedInput!) {
    createSeed(input: $input) { seed { id name } problem { code message field } }
  }
`);
export const UpdateSeedMutation = graphql(`
  mutation UpdateSeed($input: UpdateSeedInput!) {
    updateSeed(input: $input) { seed { id name tags } problem { code message field } }
  }
`);
export const DeleteSeedMutation = graphql(`
  mutation DeleteSeed($input: DeleteSeedInput!) {
    deleteSeed(input: $input) { deletedId problem { code message field } }
  }
`);
export const CreateMaskMutation = graphql(`
  mutation CreateMask($input: CreateMaskInput!) {
    createMask(input: $input) { mask { id name } problem { code message field } }
  }
`);
export const DeleteMaskMutation = graphql(`
  mutation DeleteMask($input: DeleteMaskInput!) {
    deleteMask(input: $input) { deletedId problem { code message field } }
  }
`);
export const UseSeedMutation = graphql(`
  mutation UseSeed($input: EditSessionInput!) {
    editSession(input: $input) { session { id } problem { code message field } }
  }
`);
