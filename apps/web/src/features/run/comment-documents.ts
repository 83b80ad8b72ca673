// The GraphQL documents of comments.
import { graphql, type ResultOf } from '../../gql/graphql.ts';

export const RunCommentsDocument = graphql(`
  query RunComments($id: ID!) {
    run(id: $id) {
      id
      comments(first: 100) {
        nodes {
          id
          body
          step
          position
          region { x y width height }
          replyTo
          resolvedAt
          createdAt
          updatedAt
          author { id name image }
        }
      }
    }
  }
`);

export type Comment = NonNullable<ResultOf<typeof RunCommentsDocument>['run']>['comments']['nodes'][number];

export const CommentsChangedSubscription = graphql(`
  subscription CommentsChanged($workspaceId: ID!) {
    workspaceChanged(workspaceId: $workspaceId) { kind id }
  }
`);

export const AddCommentMutation = graphql(`
  mutation AddComment($input: AddCommentInput!) {
    addComment(input: $input) { comment { id } problem { code message field } }
  }
`);
export const UpdateCommentMutation = graphql(`
  mutation UpdateComment($input: UpdateCommentInput!) {
    updateComment(input: $input) { comment { id resolvedAt body } problem { code message field } }
  }
`);
export const DeleteCommentMutation = graphql(`
  mutation DeleteComment($input: DeleteCommentInput!) {
    deleteComment(input: $input) { deletedId problem { code message field } }
  }
`);
