/**
 * Several images, the whole way: with the window, and by an action of the menu that needs none. Nothing is pretended but
 * Figma itself.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from './support/chromium.js';
import type { FigmaHost } from './support/figma-host.js';
import type { HostEvent, NodeDump } from './support/figma/types.js';
import { openPluginWindow } from './support/plugin-window.js';
import type { PluginWindow, PluginWindowOptions } from './support/plugin-window.js';
import { SidecarProcess } from './support/sidecar-process.js';

/** Of the sidecars that the plugin looks for; this one has another, so that other tests may go on beside it. */
const PORTS = /\b4713[0-4]\b/g;

const SIZE = { width: 480, height: 360 };

/** A disc on a meadow, where it is and how large. */
const DISCS = {
  lake: { x: 200, y: 170, r: 90, colour: '#c8322b' },
  dog: { x: 290, y: 190, r: 70, colour: '#e0b040' },
};
type Name = keyof typeof DISCS;
const NAMES = Object.keys(DISCS) as Name[];

const scene = ({ x, y, r, colour }: (typeof DISCS)[Name]) => `<svg xmlns="http://www.w3.org/2000/svg"
  width="${SIZE.width}" height="${SIZE.height}"><rect width="480" height="360" fill="#6b8f71"/>
  <rect y="250" width="480" height="110" fill="#40513b"/><circle cx="${x}" cy="${y}" r="${r}" fill="${colour}"/></svg>`;

describe.skipIf(!hasChromium('the end-to-end test of batches'))('several images', () => {
  let home: string;
  let browser: Browser;
  let sidecar: SidecarProcess;
  let options: PluginWindowOptions;
  let window: PluginWindow | undefined;
  let settings: unknown;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-batch-'));
    browser = await launchChromium();
    sidecar = await SidecarProcess.start(join(home, 'sidecar'), '--port', '0');
    const { host } = new URL(sidecar.origin);
    const files = NAMES.map(
      async (name) =>
        [
          name,
          await sharp(Buffer.from(scene(DISCS[name])))
            .png()
            .toBuffer(),
        ] as const,
    );
    options = {
      html: (await readFile(resolve('dist/ui.html'), 'utf8')).replace(PORTS, new URL(sidecar.origin).port),
      code: await readFile(resolve('dist/code.js'), 'utf8'),
      connectSources: [`http://${host}`, `ws://${host}`],
      images: new Map(await Promise.all(files)),
    };
  });
  afterEach(async () => {
    settings = window?.host.state.storage['cutline'];
    await window?.dispose();
    window = undefined;
  });
  afterAll(async () => {
    await sidecar?.stop();
    await browser?.close();
    await rm(home, { recursive: true, force: true });
  });

  it('get a layer each on their largest object', async () => {
    window = await openPluginWindow(browser, { ...options, prepare: buildImages });
    const { ui, host } = window;
    await ui.getByRole('textbox').fill(await sidecar.pairingCode());
    await ui.getByRole('textbox').press('Enter');
    await ui.getByRole('button', { name: 'Start with 2 images' }).and(ui.locator(':enabled')).click();
    await ui.getByText('All 2 done: 2 layers.').first().waitFor({ timeout: 250_000 });
    expectDiscs(host, 'Outline');
    expect(window.undoSteps()).toBe(2);
    // The images stay selected until a layer is asked for.
    expect(host.state.selection).toHaveLength(2);
    await ui.getByRole('button', { name: /^lake/ }).click();
    await expect
      .poll(() => host.state.selection.map((id) => host.node(id).name))
      .toEqual(['Outline 1 of lake']);
    expect(window.complaints).toEqual([]);
  });

  it('are cut out by an action of the menu, without a window', async () => {
    const events: HostEvent[] = [];
    const closed = new Promise<void>((done) => {
      options = {
        ...options,
        launch: { command: 'cut-out' },
        prepare(host) {
          host.store('cutline', settings);
          buildImages(host);
          host.onEvent((event) => {
            events.push(event);
            if (event.type === 'closed') done();
          });
        },
      };
    });
    window = await openPluginWindow(browser, options);
    await closed;
    expectDiscs(window.host, 'Cut-out');
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toEqual(['Working on lake, 1 of 2…', 'Working on dog, 2 of 2…', 'Cut out 2 images.']);
    const shown = events.filter((event) => event.type === 'window' && event.options['visible'] !== false);
    expect(shown).toEqual([]);
  });
});

function buildImages(host: FigmaHost): void {
  const ids = host.build(
    NAMES.map((name, i) => ({
      type: 'RECTANGLE',
      name,
      ...SIZE,
      transform: [
        [1, 0, 600 * i],
        [0, 1, 0],
      ],
      fills: [{ type: 'IMAGE', scaleMode: 'FILL', imageHash: name, visible: true }],
    })),
  );
  for (const name of NAMES) host.addImage(name, SIZE);
  host.select(...NAMES.map((name) => ids[name]!));
}

/** Each image has one layer, and that is its disc. */
function expectDiscs(host: FigmaHost, word: 'Outline' | 'Cut-out'): void {
  const vectors = host.state.pages[0]!.children.filter(({ type }) => type === 'VECTOR');
  expect(vectors.map(({ name }) => name).sort()).toEqual([`${word} 1 of dog`, `${word} 1 of lake`]);
  for (const [i, name] of NAMES.entries()) {
    const { x, y, r } = DISCS[name];
    const vector = vectors.find((node) => node.name.endsWith(name))!;
    const found = boxOf(vector).map(Math.round);
    [600 * i + x - r, y - r, 600 * i + x + r, y + r].forEach((value, side) =>
      expect(Math.abs(found[side]! - value)).toBeLessThanOrEqual(4),
    );
  }
}

function boxOf({ absoluteTransform: [[, , x], [, , y]], width, height }: NodeDump): number[] {
  return [x, y, x + width, y + height];
}
