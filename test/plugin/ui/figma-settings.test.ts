import { expect, it } from 'vitest';
import type { BridgeClient, FileChoices, Settings } from '../../../plugin/bridge.js';
import { figmaSettings } from '../../../plugin/ui/figma-settings.js';
import { CodedError } from '../../../protocol/errors.js';
import { settle } from './support.js';

function open(settings: Settings, choices: FileChoices) {
  const saved: unknown[] = [];
  const bridge = {
    request: (_method: string, params: unknown) => Promise.resolve(void saved.push(params)),
  } as unknown as BridgeClient;
  return { store: figmaSettings(bridge, Promise.resolve({ settings, choices })), saved };
}

it('what the file keeps comes before what the person last did elsewhere', async () => {
  const preferences = { delivery: 'insert', refine: false };
  const { store } = open({ preferences }, { delivery: 'insertCutout', treeStyle: 'cutouts' });
  expect(await store.load()).toEqual({
    token: undefined,
    delivery: 'insertCutout',
    refine: false,
    treeStyle: 'cutouts',
  });
});

it('a file’s choice is not taken for the person’s own until they choose something else', async () => {
  const { store, saved } = open({ preferences: { delivery: 'insert' } }, { delivery: 'insertCutout' });
  store.save({ delivery: 'insertCutout', refine: true });
  store.save({ delivery: 'separate' });
  await settle();
  expect(saved).toEqual([
    { preferences: { delivery: 'insert', refine: true } },
    { preferences: { delivery: 'separate', refine: true } },
  ]);
  expect(await store.load()).toMatchObject({ delivery: 'separate' });
});

it('a token is let go only by whoever says so', async () => {
  const { store, saved } = open({ token: 'old' }, {});
  store.save({ refine: true });
  store.save({ token: undefined });
  await settle();
  expect(saved).toEqual([{ preferences: { refine: true } }, { token: null, preferences: { refine: true } }]);
});

it('a choice that this version does not know is passed over', async () => {
  const { store } = open({ preferences: { delivery: 'insert' } }, { delivery: 'hologram' });
  expect(await store.load()).toMatchObject({ delivery: 'insert' });
});

it('settings that Figma does not keep hold in this window, and a notice says so once', async () => {
  const notices: unknown[] = [];
  const full = new CodedError('SETTINGS_NOT_KEPT', 'Figma did not keep the plugin’s settings.', 'Later.');
  const bridge = {
    request: (method: string, params: unknown) =>
      method === 'notify' ? Promise.resolve(void notices.push(params)) : Promise.reject(full),
  } as unknown as BridgeClient;
  const store = figmaSettings(bridge, Promise.resolve({ settings: {}, choices: {} }));
  store.save({ refine: true });
  store.save({ refine: false });
  await settle();
  expect(notices).toEqual([{ message: full.message, error: true }]);
  expect(await store.load()).toMatchObject({ refine: false });
});
