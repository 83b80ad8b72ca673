// What the studio offers: models, presets, limits, and how it was set up.
import { PRESET_TEXTS, PRESETS, type PresetName } from '@tessera/engine/plan';
import type { ModelSummary } from '@tessera/wire';
import { builder } from '../builder.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { upper } from '../enums.ts';
import { StartKindEnum } from '../runs/enums.ts';
import { modelsOf } from '../runs/models.ts';
import { offersDownloads } from './model-tasks.ts';
import { presetSettings } from './preset-settings.ts';

const presetNames = Object.keys(PRESETS) as PresetName[];

export const PresetNameEnum = builder.enumType('PresetName', { values: upper(presetNames) });
const ModelKindEnum = builder.enumType('ModelKind', { values: upper(['tokenizer', 'encoder']) });

const ModelRef = builder.objectRef<ModelSummary>('Model').implement({
  access: 'open',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The name by which plans call it; not a global id.' }),
    name: t.exposeString('name'),
    kind: t.expose('kind', { type: ModelKindEnum }),
    family: t.exposeString('family'),
    licence: t.exposeString('licence'),
    bytes: t.exposeFloat('bytes', { description: 'Bytes of the download; 0 for embedded models.' }),
    embedded: t.exposeBoolean('embedded'),
    installed: t.exposeBoolean('installed', { description: 'Whether a run can use it now.' }),
    imageSize: t.exposeInt('imageSize', { description: 'Side of the square picture in pixels.' }),
    positions: t.int({ nullable: true, resolve: ({ positions }) => positions ?? null }),
    codebookSize: t.int({ nullable: true, resolve: ({ codebookSize }) => codebookSize ?? null }),
    channels: t.int({ nullable: true, resolve: ({ channels }) => channels ?? null }),
    sha256: t.string({ nullable: true, resolve: ({ sha256 }) => sha256 ?? null }),
  }),
});

const PresetRef = builder.objectRef<PresetName>('Preset').implement({
  access: 'open',
  fields: (t) => ({
    name: t.field({ type: PresetNameEnum, resolve: (name) => name }),
    title: t.string({ resolve: (name) => PRESET_TEXTS[name].title }),
    description: t.string({ resolve: (name) => PRESET_TEXTS[name].description }),
    settings: t.field({
      type: 'JSON',
      complexity: ROW_COST,
      description: 'For the settings of a session document; they may differ by where its runs start.',
      args: { start: t.arg({ type: StartKindEnum, required: true, defaultValue: 'seed' }) },
      resolve: (name, { start }) => presetSettings(name, start),
    }),
  }),
});

/** Its fields read the context. */
const StudioRef = builder.objectRef<object>('Studio').implement({
  access: 'open',
  fields: (t) => ({
    version: t.string({ resolve: (_, _args, { studio }) => studio.version }),
    accounts: t.boolean({
      description: 'Whether people sign in; false in local mode.',
      resolve: (_, _args, { studio }) => studio.accounts,
    }),
    defaultTokenizer: t.string({ resolve: (_, _args, { studio }) => studio.defaults.tokenizer }),
    defaultClip: t.string({ resolve: (_, _args, { studio }) => studio.defaults.clip }),
    defaultSiglip: t.string({ resolve: (_, _args, { studio }) => studio.defaults.siglip }),
    limits: t.field({ type: 'JSON', resolve: (_, _args, { limits }) => limits }),
    modelDownloads: t.boolean({
      description: 'Whether the viewer may download models with `pullModel`; otherwise there is the command line.',
      resolve: (_, _args, ctx) => offersDownloads(ctx),
    }),
    provider: t.string({ nullable: true, resolve: (_, _args, { studio }) => studio.provider ?? null }),
  }),
});

builder.queryFields((t) => ({
  studio: t.field({ type: StudioRef, access: 'open', complexity: ROW_COST, resolve: () => ({}) }),
  models: t.field({
    type: [ModelRef],
    access: 'open',
    complexity: listCost(10),
    resolve: async (_root, _args, { compute }) => [...(await modelsOf(compute))],
  }),
  presets: t.field({
    type: [PresetRef],
    access: 'open',
    complexity: listCost(presetNames.length),
    resolve: () => presetNames,
  }),
}));
