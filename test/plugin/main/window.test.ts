import { afterEach, describe, expect, it } from 'vitest';
import type { BridgeMethod, BridgeParams } from '../../../plugin/bridge.js';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';

const bundles = await buildBundles();
let plugin: RunningPlugin;

afterEach(() => plugin.host.dispose());

const open = async (stored?: unknown): Promise<void> => {
  plugin = await runPlugin(bundles, {}, (host) => {
    if (stored !== undefined) host.store('cutline', stored);
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

  it('say so when Figma cannot keep them', async () => {
    await open();
    plugin.host.failAtStep(0);
    await expect(ask('set-settings', { token: 't' })).rejects.toHaveProperty('code', 'INTERNAL');
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
