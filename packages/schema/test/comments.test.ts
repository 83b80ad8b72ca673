// Comments: everybody inside writes, authors change their words, editors resolve, owners delete.

import { parse } from 'graphql';
import { expect, it } from 'vitest';
import type { Viewer } from '../src/index.ts';
import { operationCost } from '../src/index.ts';
import { type Studio, useStudio } from './support/studio.ts';
import { makeTenant, type Tenant } from './support/tenant.ts';

let studio: Studio;
let home: Tenant;
let editor: Viewer;
let viewer: Viewer;
useStudio(
  async (opened) => {
    studio = opened;
    home = await makeTenant(studio, 'Home');
    editor = await studio.member(home.workspace, 'Edda', 'editor');
    viewer = await studio.member(home.workspace, 'Vera', 'viewer');
  },
  { queryCost: 200 },
);

const FIELDS =
  'comment { id body author { name } session { id } run { id } step position region { x width } replyTo resolvedAt }';
const say = (who: Viewer, more: object) =>
  studio.change(who, 'addComment', { workspaceId: home.ids.Workspace, body: 'look', ...more }, FIELDS);

it('are pinned to a token and a region, answered, resolved and deleted', async () => {
  const region = { x: 0.25, y: 0, width: 0.5, height: 1 };
  const pins = { runId: home.ids.Run, step: 1, position: 3, region };
  const { comment } = await say(viewer, pins);
  expect(comment).toMatchObject({
    author: { name: 'Vera' },
    run: { id: home.ids.Run },
    step: 1,
    position: 3,
    session: null,
  });
  expect(comment.region).toEqual({ x: 0.25, width: 0.5 });
  const reply = await say(editor, { runId: home.ids.Run, replyTo: comment.id });
  expect(reply.comment.replyTo).toBe(comment.id);
  const update = (who: Viewer, change: object) =>
    studio.change(who, 'updateComment', { commentId: comment.id, ...change }, FIELDS);
  expect((await update(editor, { body: 'mine now' })).problem.code).toBe('FORBIDDEN');
  expect((await update(editor, { resolved: true })).comment.resolvedAt).not.toBeNull();
  expect((await update(viewer, { body: 'look here', resolved: false })).comment).toMatchObject({
    body: 'look here',
    resolvedAt: null,
  });
  const list = 'query ($id: ID!) { run(id: $id) { comments(first: 5) { nodes { body } } } }';
  const { run } = await studio.data(viewer, list, { id: home.ids.Run });
  expect(run.comments.nodes.map(({ body }: { body: string }) => body)).toEqual(['look', 'look here', 'Home says']);
  const remove = (who: Viewer) => studio.change(who, 'deleteComment', { commentId: comment.id }, 'deletedId');
  expect((await remove(editor)).problem.code).toBe('FORBIDDEN');
  expect((await remove(viewer)).deletedId).toBe(comment.id);
});

it('are refused where what they point at is not there', async () => {
  const run = { runId: home.ids.Run };
  const wrong = [
    [{}, 'BAD_INPUT'],
    [{ ...run, step: 99 }, 'BAD_INPUT'],
    [{ ...run, position: 16 }, 'BAD_INPUT'],
    [{ sessionId: home.ids.Session, step: 0 }, 'BAD_INPUT'],
    [{ ...run, region: { x: 0.6, y: 0, width: 0.6, height: 1 } }, 'BAD_INPUT'],
    [{ ...run, region: { x: -1, y: 0, width: 1, height: 1 } }, 'BAD_INPUT'],
    [{ ...run, body: ' ' }, 'BAD_INPUT'],
  ] as const;
  for (const [more, code] of wrong) expect((await say(viewer, more)).problem.code, JSON.stringify(more)).toBe(code);
});

it('cost what their page costs; too much is refused before it runs', async () => {
  const source =
    'query ($id: ID!, $n: Int) { session(id: $id) { comments(first: $n) { nodes { body author { name } } } } }';
  const cost = (n: number) => operationCost(parse(source), { id: home.ids.Session, n }).cost;
  expect(cost(100) - cost(10)).toBe(90 * 3);
  expect(operationCost(parse(source), { id: 'x', n: 1 }).depth).toBe(5);
  const { errors } = await studio.run(viewer, source, { id: home.ids.Session, n: 100 });
  expect(errors[0]!.extensions!.code).toBe('QUERY_TOO_COSTLY');
  expect((await studio.run(viewer, source, { id: home.ids.Session, n: 10 })).errors).toEqual([]);
});
