import { afterEach, describe, expect, it } from 'vitest';
import type { BridgeMethod, BridgeParams } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import type { Fault } from '../../support/figma/faults.js';

const bundles = await buildBundles();
let plugin: RunningPlugin;

afterEach(() => plugin.host.dispose());

const open = async (stored?: unknown, fault?: Fault): Promise<void> => {
  plugin = await runPlugin(bundles, {}, (host) => {
    if (stored !== undefined) host.store('cutline', stored);
    if (fault) host.arrange(fault);
  });
};
const windows = () => plugin.events.flatMap((event) => (event.type === 'window' ? [event.options] : []));
const ask = <M extends BridgeMethod>(method: M, params: BridgeParams<M>) =>
  plugin.client.request(method, params);

describe('the window', () => {
  it('opens once, in the colours of Figma’s theme', async () => {
    await open();
    expect(windows()).toEqual([
      { title: 'Cutline', themeColors: true, visible: true, width: 400, height: 640 },
    ]);
  });

  it('opens as large as it was left', async () => {
    await open();
    expect(await ask('resize-window', { width: 500.4, height: 700 })).toEqual({ width: 500, height: 700 });
    expect(windows()[1]).toEqual({ width: 500, height: 700 });
    const stored = plugin.host.state.storage['cutline'];
    plugin.host.dispose();
    await open(stored);
    expect(windows()[0]).toMatchObject({ width: 500, height: 700 });
  });

  it.each([
    [
      { width: 10, height: 10 },
      { width: 320, height: 480 },
    ],
    [
      { width: 1e6, height: 1e6 },
      { width: 1600, height: 1200 },
    ],
  ])('stays within its limits: %o', async (asked, given) => {
    await open();
    expect(await ask('resize-window', asked)).toEqual(given);
  });

  it('that Figma does not open takes the plugin with it, and says so', async () => {
    await open(undefined, { kind: 'broken', name: 'showUI' });
    const notice = { type: 'notice', message: 'Figma did not let Cutline open its window: run it again.' };
    expect(plugin.events.slice(-2)).toMatchObject([notice, { type: 'closed' }]);
  });

  it('is told that an answer did not get through, and works on when the next ones do', async () => {
    await open();
    plugin.host.arrange({ kind: 'once', at: 1 });
    await expect(ask('set-settings', { token: 't' })).rejects.toMatchObject({
      code: 'FIGMA_FAILED',
      message: 'Figma did not let the plugin’s answer through.',
    });
    plugin.host.arrange({ kind: 'broken', name: 'postMessage' });
    void ask('set-settings', { token: 'u' });
    plugin.host.arrange();
    expect(await ask('ui-ready', {})).toMatchObject({ settings: { token: 'u' } });
  });

  it('shows notices and closes', async () => {
    await open();
    await ask('notify', { message: 'Done', error: true });
    void ask('close', {});
    expect(plugin.events.slice(-2)).toMatchObject([{ type: 'message' }, { type: 'closed' }]);
    expect(plugin.events).toContainEqual(
      expect.objectContaining({ type: 'notice', message: 'Done', error: true, stays: false }),
    );
  });
});

describe('settings', () => {
  it('outlive the plugin', async () => {
    await open();
    await ask('set-settings', { token: 'secret', preferences: { detail: 0.5 } });
    const stored = plugin.host.state.storage['cutline'];
    plugin.host.dispose();
    await open(stored);
    expect(await ask('ui-ready', {})).toMatchObject({
      settings: { token: 'secret', preferences: { detail: 0.5 } },
    });
  });

  it('change field by field, and forget what is set to null', async () => {
    await open();
    await ask('set-settings', { token: 'secret' });
    expect(await ask('set-settings', { preferences: { tool: 'box' } })).toEqual({
      token: 'secret',
      preferences: { tool: 'box' },
    });
    expect(await ask('set-settings', { token: null })).toEqual({ preferences: { tool: 'box' } });
  });

  it('keep changes that are made at the same time', async () => {
    await open();
    await Promise.all([
      ask('set-settings', { token: 'secret' }),
      ask('resize-window', { width: 444, height: 555 }),
      ask('set-settings', { preferences: { tool: 'box' } }),
    ]);
    expect(plugin.host.state.storage['cutline']).toEqual({
      settings: { token: 'secret', preferences: { tool: 'box' } },
      window: { width: 444, height: 555 },
    });
  });

  it('say so when Figma has no room for them, and are as they were', async () => {
    await open();
    await ask('set-settings', { token: 'first' });
    plugin.host.arrange({ kind: 'broken', name: 'setAsync' });
    await expect(ask('set-settings', { token: 'second' })).rejects.toMatchObject({
      code: 'SETTINGS_NOT_KEPT',
      message: 'Figma did not keep the plugin’s settings: “Made to fail by the test”.',
    });
    expect(await ask('ui-ready', {})).toMatchObject({ settings: { token: 'first' } });
    plugin.host.arrange();
    expect(await ask('set-settings', { preferences: { tool: 'box' } })).toMatchObject({ token: 'first' });
  });

  it('that Figma does not give are as on the first day, and are not lost to what is saved meanwhile', async () => {
    const stored = { settings: { token: 'secret' }, window: { width: 500, height: 700 } };
    await open(stored, { kind: 'broken', name: 'getAsync' });
    expect(windows()[0]).toMatchObject({ width: 400, height: 640 });
    expect(await ask('ui-ready', {})).toMatchObject({ settings: {} });
    await expect(ask('set-settings', { preferences: { tool: 'box' } })).rejects.toHaveProperty(
      'code',
      'SETTINGS_NOT_KEPT',
    );
    plugin.host.arrange();
    expect(await ask('set-settings', { preferences: { tool: 'box' } })).toEqual({
      token: 'secret',
      preferences: { tool: 'box' },
    });
  });

  it('are asked for twice before that', async () => {
    await open({ settings: { token: 'secret' } }, { kind: 'once', at: 0 });
    expect(await ask('ui-ready', {})).toMatchObject({ settings: { token: 'secret' } });
  });
});

describe('a message that cannot be read', () => {
  it('is answered when it has an id', async () => {
    await open();
    plugin.host.post({ type: 'request', id: 99, method: 'format-disk', params: {} });
    expect(plugin.events.at(-1)).toMatchObject({
      message: { type: 'failure', id: 99, error: { code: 'METHOD_UNKNOWN' } },
    });
  });

  it.each([null, 'hello', 12, [], {}])('is dropped when it has none: %o', async (message) => {
    await open();
    const before = plugin.events.length;
    plugin.host.post(message);
    expect(plugin.events).toHaveLength(before);
    expect(await ask('ui-ready', {})).toMatchObject({ selection: { kind: 'none' } });
  });
});
