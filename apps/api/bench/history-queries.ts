// The history queries of the page and of researchers, as documents with variables that differ each time.
import type { Filled } from '@tessera/db/bench';

export interface Operation {
  readonly query: string;
  readonly variables: object;
}

const CARD = `fragment Card on Run {
  id name prompts status error { message } tokenizer loss score iterations stepCount pinned cancelRequested createdAt startedAt
  finishedAt user { id name } session { id name } picture(size: 192) { url }
}`;
const LIST = `query List($id: ID!, $after: String, $filter: RunFilter, $orderBy: RunOrder) { workspace(id: $id) {
  runs(first: 50, after: $after, filter: $filter, orderBy: $orderBy) { nodes { ...Card } pageInfo { hasNextPage endCursor } }
} } ${CARD}`;
const COUNT =
  'query Count($id: ID!, $filter: RunFilter) { workspace(id: $id) { runs(first: 1, filter: $filter) { totalCount } } }';
const STEPS = `query Steps($run: ID!, $from: Int, $to: Int, $stride: Int) { run(id: $run) {
  steps(from: $from, to: $to, stride: $stride) { step loss tokens changed terms { loss similarity } }
} }`;
const POSITIONS =
  'query Positions($run: ID!) { run(id: $run) { positionStatistics { position changes firstChanged lastChanged entropy } } }';
const BY_TOKEN = `query ByToken($id: ID!, $tokenizer: String!, $tokens: [PlacedTokenInput!]!) { workspace(id: $id) {
  runsByToken(tokenizer: $tokenizer, tokens: $tokens, first: 50) { ...Card }
} } ${CARD}`;
const NEAR_TOKENS = `query NearTokens($id: ID!, $to: TokensInput!, $by: TokenDistance) { workspace(id: $id) {
  runsNearTokens(to: $to, by: $by, first: 20) { distance run { ...Card } }
} } ${CARD}`;
const NEAR_IMAGE = `query NearImage($id: ID!, $to: ImageQueryInput!) { workspace(id: $id) {
  runsNearImage(to: $to, model: "clip", first: 20) { similarity run { ...Card } }
} } ${CARD}`;
const DIFF = `query Diff($before: StepInput!, $after: StepInput!) {
  stepDiff(before: $before, after: $after) { distance positions { position before after } lossBefore lossAfter }
}`;

const DAY = 86_400_000;
const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

/** `random`: from 0 to 1. `cursor`: the end of the first page of the newest runs. */
export function historyQueries(
  filled: Filled,
  random: () => number,
  tokenizer: string,
  cursor: () => string,
): Readonly<Record<string, () => Operation>> {
  const { workspaceId, runIds, word, tokens } = filled;
  const id = globalId('Workspace', workspaceId);
  const run = () => globalId('Run', runIds[Math.floor(random() * runIds.length)]!);
  const list = (filter: object, more: object = {}) => ({ query: LIST, variables: { id, filter, ...more } });
  const days = (ago: number) => new Date(Date.now() - ago * DAY).toISOString();
  const near = (by: string) => () => ({
    query: NEAR_TOKENS,
    variables: { id, to: { indices: [...tokens()], tokenizer }, by },
  });
  return {
    'runs: newest first': () => list({}),
    'runs: one word of the prompt': () => list({ text: word() }),
    'runs: two words and a prefix': () => list({ text: `${word()} ${word().slice(0, 5)}` }),
    'runs: a word that all have': () => list({ text: 'a' }),
    'runs: model, status, score, best first': () =>
      list({ tokenizer, statuses: ['COMPLETED'], minScore: 0.3, maxScore: 0.8 }, { orderBy: 'SCORE' }),
    'runs: a day in the past': () => list({ createdAfter: days(3), createdBefore: days(2) }),
    'runs: second page, newest first': () => list({}, { after: cursor() }),
    'runs: count of a word': () => ({ query: COUNT, variables: { id, filter: { text: word() } } }),
    'steps: all 300': () => ({ query: STEPS, variables: { run: run() } }),
    'steps: every 10th': () => ({ query: STEPS, variables: { run: run(), stride: 10 } }),
    'steps: 20 of the middle': () => ({ query: STEPS, variables: { run: run(), from: 140, to: 159 } }),
    'positions: changes, entropy, first, last': () => ({ query: POSITIONS, variables: { run: run() } }),
    'runs by token at position': () => {
      const position = Math.floor(random() * 32);
      return { query: BY_TOKEN, variables: { id, tokenizer, tokens: [{ position, token: tokens()[position]! }] } };
    },
    'nearest runs by tokens': near('POSITION'),
    'nearest runs by token overlap': near('OVERLAP'),
    'nearest runs by image feature': () => ({ query: NEAR_IMAGE, variables: { id, to: { text: word() } } }),
    'difference of two steps': () => {
      const runId = run();
      return { query: DIFF, variables: { before: { runId, step: 10 }, after: { runId, step: 299 } } };
    },
  };
}
