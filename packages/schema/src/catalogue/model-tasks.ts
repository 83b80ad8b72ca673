// Downloads and checks of models: who may, what they look like, and the mutations that begin and end them.
import type { CheckedFile, ModelPulls, ModelTask } from '@tessera/wire';
import { requirePerson } from '../access.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { listCost } from '../cost.ts';
import { upper } from '../enums.ts';
import { problemOf, SchemaError } from '../errors.ts';
import { checkLine } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { modelsChanged } from '../runs/models.ts';

const COMMAND = '`npm run tessera -- models pull ID` on each machine that computes';

/** Gigabytes onto the server's disk are no matter of a workspace: no role of one is enough. */
class LocalUserOnlyError extends SchemaError {
  constructor() {
    super('FORBIDDEN', `Where people have accounts, models are managed by whoever runs the server, with ${COMMAND}.`);
  }
}

/** Workers elsewhere have stores of their own. */
class ModelsElsewhereError extends SchemaError {
  constructor() {
    super('UNSUPPORTED', `Runs are computed by workers with models of their own; download them with ${COMMAND}.`);
  }
}

/** Whether this viewer may download models through this server. */
export const offersDownloads = ({ viewer, modelPulls }: Context): boolean =>
  viewer.kind === 'local' && modelPulls !== undefined;

/** @throws UnauthenticatedError, LocalUserOnlyError, ModelsElsewhereError */
function requirePulls(ctx: Context): ModelPulls {
  requirePerson(ctx);
  if (ctx.viewer.kind !== 'local') throw new LocalUserOnlyError();
  if (!ctx.modelPulls) throw new ModelsElsewhereError();
  return ctx.modelPulls;
}

const ModelTaskKindEnum = builder.enumType('ModelTaskKind', { values: upper(['download', 'verify']) });
const ModelTaskStateEnum = builder.enumType('ModelTaskState', {
  description: '`VERIFYING` is a part of a download, and all of a check. `DONE`, `FAILED` and `CANCELLED` are ends.',
  values: upper(['waiting', 'downloading', 'verifying', 'done', 'failed', 'cancelled']),
});
const ModelFileStateEnum = builder.enumType('ModelFileState', {
  description: '`UNKNOWN`: it is there, and there is no hash to compare it with.',
  values: upper(['ok', 'changed', 'missing', 'unknown']),
});

const CheckedFileRef = builder.objectRef<CheckedFile>('ModelFileCheck').implement({
  access: 'held',
  fields: (t) => ({
    path: t.exposeString('path'),
    state: t.expose('state', { type: ModelFileStateEnum }),
  }),
});

const ModelTaskFailureRef = builder.objectRef<NonNullable<ModelTask['failure']>>('ModelTaskFailure').implement({
  access: 'held',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Such as HUB_OFFLINE, HASH_MISMATCH, DISK_FULL; stable.' }),
    message: t.exposeString('message'),
  }),
});

const ModelTaskRef = builder.objectRef<ModelTask>('ModelTask').implement({
  description: 'The last download or check of a model since the server was started.',
  access: 'held',
  fields: (t) => ({
    model: t.exposeString('model'),
    kind: t.expose('kind', { type: ModelTaskKindEnum }),
    state: t.expose('state', { type: ModelTaskStateEnum }),
    file: t.string({ nullable: true, description: 'At work.', resolve: ({ file }) => file }),
    received: t.exposeFloat('received', { description: 'Bytes on disk, or hashed so far by a check.' }),
    total: t.exposeFloat('total', { description: 'Bytes in all; an estimate until it is known.' }),
    bytesPerSecond: t.float({
      nullable: true,
      description: 'Over the last few seconds; null while nothing can be said.',
      resolve: ({ bytesPerSecond }) => bytesPerSecond,
    }),
    failure: t.field({
      type: ModelTaskFailureRef,
      nullable: true,
      complexity: 1,
      resolve: ({ failure }) => failure,
    }),
    sound: t.boolean({
      nullable: true,
      description: 'What a check found: whether every file is there and has the hash it must have.',
      resolve: ({ report }) => report?.ok ?? null,
    }),
    files: t.field({
      type: [CheckedFileRef],
      description: 'What a check found, file by file.',
      complexity: listCost(4),
      resolve: ({ report }) => [...(report?.files ?? [])],
    }),
  }),
});

builder.queryField('modelTasks', (t) =>
  t.field({
    type: [ModelTaskRef],
    access: { checked: 'the user of local mode; others get an empty list' },
    description: 'Downloads and checks since the server was started: the last one of each model, the newest last.',
    complexity: listCost(10),
    resolve: (_root, _args, ctx) => (offersDownloads(ctx) ? [...(ctx.modelPulls?.tasks() ?? [])] : []),
  }),
);

/** A refusal by the store is about the model that was named. */
async function aboutModel<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const problem = problemOf(error);
    throw problem ? new SchemaError(problem.code, problem.message, problem.field ?? 'model') : error;
  }
}

mutation('pullModel', {
  description:
    'Begins to download a model, or puts it into the line; `modelTasks` tells how far it is. What an earlier download left is gone on with. For the user of local mode, where runs are computed by the same server.',
  right: 'person',
  input: (t) => ({
    model: t.string({ required: true }),
    repair: t.boolean({ description: 'Hash the files that are here, and replace those that differ.' }),
  }),
  payload: { task: ModelTaskRef },
  async change({ model, repair }, ctx) {
    const id = checkLine('model', model, ctx.limits.nameCharacters);
    const pulls = requirePulls(ctx);
    const task = await aboutModel(pulls.pull(id, { repair: repair ?? false }));
    void pulls.settled(task.model).then(() => modelsChanged(ctx.compute));
    return { task };
  },
});

mutation('cancelModelPull', {
  description: 'Ends the download or check of a model; what was downloaded is kept for the next one.',
  right: 'person',
  input: (t) => ({ model: t.string({ required: true }) }),
  payload: { task: ModelTaskRef },
  async change({ model }, ctx) {
    const id = checkLine('model', model, ctx.limits.nameCharacters);
    return { task: await aboutModel(requirePulls(ctx).cancel(id)) };
  },
});

mutation('verifyModel', {
  description:
    'Begins to compare the files of a model with the hashes they must have; `modelTasks` tells what was found.',
  right: 'person',
  input: (t) => ({ model: t.string({ required: true }) }),
  payload: { task: ModelTaskRef },
  async change({ model }, ctx) {
    const id = checkLine('model', model, ctx.limits.nameCharacters);
    return { task: await aboutModel(requirePulls(ctx).verify(id)) };
  },
});
