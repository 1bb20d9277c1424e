import { afterEach, describe, expect, it } from 'vitest';
import manifest from '../../../manifest.json' with { type: 'json' };
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import type { Launch } from '../../support/figma/types.js';

const bundles = await buildBundles();
let plugin: RunningPlugin;

afterEach(() => plugin.host.dispose());

/** Runs the plugin. @returns What its window is told first, and whether that is shown. */
async function launch(command: string, parameters?: Launch['parameters']) {
  plugin = await runPlugin(bundles, { launch: { command, parameters } });
  const { command: change, quick } = await plugin.client.request('ui-ready', {});
  return { change, quick, visible: windows()[0] };
}

const windows = () =>
  plugin.events.flatMap((event) => (event.type === 'window' ? [event.options['visible']] : []));

describe('a command of the manifest', () => {
  const entries = manifest.menu.flatMap((entry) => ('command' in entry ? [entry] : []));

  it.each([
    ['open', undefined],
    ['cut-out', { name: 'cut-out', task: 'largest', style: 'cutouts' }],
    ['outline', { name: 'outline', task: 'largest', style: 'outlines' }],
    ['everything', { name: 'everything', task: 'everything' }],
  ])('is understood, and opens the window unless it needs none: %s', async (command, quick) => {
    expect(entries.map((entry) => entry.command)).toContain(command);
    expect(entries).toHaveLength(4);
    expect(await launch(command)).toEqual({ change: undefined, quick, visible: quick === undefined });
  });

  it.each(manifest.relaunchButtons.map(({ command }) => command))(
    'is understood on a button, which always opens the window: %s',
    async (command) => {
      const change = command === 'change' ? 'change' : undefined;
      expect(await launch(command)).toEqual({ change, quick: undefined, visible: true });
    },
  );

  it.each([
    ['cut-out', { what: 'box' }, { task: 'box', style: 'cutouts' }],
    ['outline', { what: 'largest' }, { task: 'largest', style: 'outlines' }],
    ['everything', { as: 'cutouts' }, { task: 'everything', style: 'cutouts' }],
    ['everything', { as: 'nonsense' }, { task: 'everything' }],
  ])('takes its parameters: %s %j', async (command, parameters, quick) => {
    expect((await launch(command, parameters)).quick).toEqual({ name: command, ...quick });
  });

  it('suggests values for each parameter that the manifest has, by what is typed', async () => {
    await launch('open');
    const keys = entries.flatMap((entry) =>
      'parameters' in entry ? entry.parameters.map(({ key }) => key) : [],
    );
    for (const key of keys) expect((plugin.host.suggest(key, '') as unknown[]).length).toBe(2);
    expect(plugin.host.suggest('as', ' CUT')).toEqual([{ name: 'Cut-outs', data: 'cutouts' }]);
    expect(plugin.host.suggest('unknown', '')).toEqual([]);
  });
});

describe('a hidden window', () => {
  it('is shown on demand', async () => {
    await launch('cut-out');
    await plugin.client.request('show-window', {});
    expect(windows()).toEqual([false, true]);
  });

  it('speaks by notices of which one takes the place of another, as short as Figma shows them', async () => {
    await launch('cut-out');
    await plugin.client.request('notify', { message: 'Working on lake…', stays: true });
    await plugin.client.request('notify', { message: `Cut out. ${'Why '.repeat(50)}` });
    const notices = plugin.events.filter(({ type }) => type.startsWith('notice'));
    expect(notices).toMatchObject([
      { type: 'notice', message: 'Working on lake…', stays: true },
      { type: 'notice-gone', id: 1 },
      { type: 'notice', message: expect.stringMatching(/^Cut out\..{91}…$/) as string, stays: false },
    ]);
  });
});
