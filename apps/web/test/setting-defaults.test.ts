// The page's defaults are those of the shared schema.
import { settingsSchema } from '@tessera/collab';
import { expect, it } from 'vitest';
import { knownSettings, SETTING_DEFAULTS } from '../src/features/session/document/setting-defaults.ts';

it('has the defaults of the document', () => {
  expect(SETTING_DEFAULTS).toEqual(settingsSchema.parse({}));
});

it('leaves out what it does not know', () => {
  expect(knownSettings({ noise: 0.2, fromTheFuture: 1 })).toEqual({ noise: 0.2 });
});
