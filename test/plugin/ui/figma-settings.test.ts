import { expect, it } from 'vitest';
import type { BridgeClient, FileChoices, Settings } from '../../../plugin/bridge.js';
import { figmaSettings } from '../../../plugin/ui/figma-settings.js';
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
    { token: null, preferences: { delivery: 'insert', refine: true } },
    { token: null, preferences: { delivery: 'separate', refine: true } },
  ]);
  expect(await store.load()).toMatchObject({ delivery: 'separate' });
});

it('a choice that this version does not know is passed over', async () => {
  const { store } = open({ preferences: { delivery: 'insert' } }, { delivery: 'hologram' });
  expect(await store.load()).toMatchObject({ delivery: 'insert' });
});
