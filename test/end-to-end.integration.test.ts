/**
 * The whole way, with nothing pretended but Figma itself: the built plugin in QuickJS and in a sandboxed iframe of a
 * real browser, the built sidecar in a process of its own, the real model.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import manifest from '../manifest.json' with { type: 'json' };
import { decodeRle } from '../models/mask/rle.js';
import { decodeContent, encodeContent } from '../protocol/codec.js';
import type { FoundMask } from '../protocol/everything.js';
import { hasChromium, launchChromium } from './support/chromium.js';
import { openPluginWindow } from './support/plugin-window.js';
import type { PluginWindow } from './support/plugin-window.js';
import { apply, multiply } from './support/figma/matrix.js';
import type { NodeDump, Transform } from './support/figma/types.js';
import { turn } from './plugin/main/scenes.js';
import { runCli } from './support/run-cli.js';
import { SidecarProcess } from './support/sidecar-process.js';

const SIZE = { width: 640, height: 480 };
const SCENE = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">
  <rect width="640" height="480" fill="#6b8f71"/><rect y="330" width="640" height="150" fill="#40513b"/>
  <ellipse cx="300" cy="250" rx="110" ry="80" fill="#c8322b"/>
  <ellipse cx="300" cy="250" rx="40" ry="28" fill="#6b8f71"/>
  <rect x="470" y="120" width="90" height="200" fill="#e0b040"/></svg>`;

/** The image in the document: half its size, turned by 20°, somewhere on the page. */
const TO_PAGE: Transform = turn(20, 150, 80);
const PIXELS_PER_UNIT = 2;
const CLICK = { x: 215, y: 250 };

/** Of the 32 that it would be: a search of 144 clicks has all the steps that one of 1,024 has. */
const CLICKS_PER_SIDE = 12;

/** Nothing else of what the window says is touched. */
function searchesFewer(message: string | Buffer): string | Buffer {
  const request = decodeContent(message) as { method?: string; params?: { options?: object } };
  if (request.method !== 'mask/all') return message;
  const options = { ...request.params?.options, pointsPerSide: CLICKS_PER_SIDE };
  const changed = { ...request, params: { ...request.params, options } };
  const encoding = typeof message === 'string' ? 'json' : 'msgpack';
  const content = encodeContent(changed, encoding);
  return typeof content === 'string' ? content : Buffer.from(content);
}

describe.skipIf(!hasChromium('the end-to-end tests'))('from a click in Figma to a layer', () => {
  let home: string;
  let browser: Browser;
  let sidecar: SidecarProcess;
  let window: PluginWindow;
  let image: Buffer;
  /** What the sidecar has sent to the window, newest last. */
  const sent: unknown[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cutline-'));
    image = await sharp(Buffer.from(SCENE)).png().toBuffer();
    await sharp(image).toFile(join(home, 'scene.png'));
    browser = await launchChromium();
    sidecar = await SidecarProcess.start(join(home, 'sidecar'));
    window = await openPluginWindow(browser, {
      html: await readFile(resolve('dist/ui.html'), 'utf8'),
      code: await readFile(resolve('dist/code.js'), 'utf8'),
      connectSources: manifest.networkAccess.allowedDomains,
      images: new Map([['photo', image]]),
    });
    await window.page.routeWebSocket(/\/v1\/socket$/, (ui) => {
      const server = ui.connectToServer();
      ui.onMessage((message) => server.send(searchesFewer(message)));
      server.onMessage((message) => {
        sent.push(decodeContent(message));
        ui.send(message);
      });
    });
  });
  afterAll(async () => {
    await window?.dispose();
    await sidecar?.stop();
    await browser?.close();
    await rm(home, { recursive: true, force: true });
  });

  it('says what to do while nothing is selected', async () => {
    await window.ui.getByText('Select', { exact: false }).first().waitFor();
  });

  it('pairs once by the code that the sidecar shows', async () => {
    window.selectImage({ ...SIZE, scale: 1 / PIXELS_PER_UNIT, transform: TO_PAGE });
    const code = await sidecar.pairingCode();
    await window.ui.getByRole('textbox').fill(code);
    await window.ui.getByRole('textbox').press('Enter');
    // The tools come when the image has been read and can be clicked.
    await window.ui.getByText('Click the object', { exact: false }).first().waitFor();
  });

  it('puts a layer on the object that was clicked, aligned with the model’s own mask', async () => {
    await window.clickImage(CLICK, SIZE);
    await window.ui
      .getByRole('button', { name: /Insert outline/ })
      .and(window.ui.locator(':enabled'))
      .waitFor();
    await window.ui.getByRole('application').press('Enter');
    const vector = await window.nextVector();
    expect(vector.name).toBe('Outline 1 of photo.jpg');

    expect(await overlap(vector, await modelMask())).toBeGreaterThanOrEqual(0.98);
  });

  it('makes one undo step of it', () => {
    expect(window.undoSteps()).toBe(1);
  });

  it('opens the layer again, and changes it in place', async () => {
    const { selection } = window.host.state;
    await window.ui.getByRole('button', { name: 'Clear' }).click();
    await window.ui.getByRole('button', { name: 'Change its marks' }).click();
    await window.ui.getByRole('tabpanel').getByText('Changing “Outline 1 of photo.jpg”.').waitFor();
    await window.ui
      .getByRole('button', { name: /Update layer/ })
      .and(window.ui.locator(':enabled'))
      .waitFor();
    const before = window.host.node(selection[0]!);
    const steps = window.undoSteps();
    // The hole is filled: one click more inside.
    await window.clickImage({ x: 300, y: 250 }, SIZE);
    await window.ui
      .getByRole('button', { name: /Update layer/ })
      .and(window.ui.locator(':enabled'))
      .waitFor();
    await window.ui.getByRole('application').press('Enter');
    await window.ui.getByText('Updated “Outline 1 of photo.jpg”.').first().waitFor();
    const after = window.host.node(selection[0]!);
    expect(window.undoSteps()).toBe(steps + 1);
    expect(after.name).toBe(before.name);
    expect(after.vectorPaths).not.toEqual(before.vectorPaths);
    // It may not be the same to the pixel, but it lies where it lay.
    after.absoluteTransform.flat().forEach((value, i) => {
      expect(Math.abs(value - before.absoluteTransform.flat()[i]!)).toBeLessThan(3);
    });
    expect(JSON.parse(after.pluginData['cutline']!)).toMatchObject({ prompts: [CLICK, { x: 300, y: 250 }] });
    await window.ui.getByRole('button', { name: 'Make a new layer instead' }).click();
    await window.ui.getByRole('button', { name: 'Clear' }).click();
  });

  it('finds everything (with a sample of the clicks), and inserts it in one step as a group of layers that lie on their objects', async () => {
    await window.ui.getByRole('tab', { name: /Everything/ }).click();
    await window.ui.getByRole('button', { name: 'Find everything' }).click();
    await window.ui.getByRole('button', { name: 'Find again' }).waitFor({ timeout: 250_000 });
    // The object that was cut out before has its layer already, and is left out.
    await window.ui
      .getByText(/already has a layer/)
      .first()
      .waitFor();
    await window.ui.getByRole('button', { name: /^Insert \d+ layers?/ }).click();
    await window.ui
      .getByRole('tabpanel')
      .getByText(/^Inserted \d+ layers?/)
      .waitFor();
    expect(window.undoSteps()).toBe(3);
    const group = findNode(window.host.state.pages, ({ name }) => name.startsWith('Everything in'))!;
    const vectors = vectorsIn(group);
    const masks = everyMask();
    expect(vectors.length).toBeGreaterThanOrEqual(1);
    expect(vectors.length).toBeLessThan(masks.size);
    for (const vector of vectors) {
      expect(await overlap(vector, masks.get(vector.name)!)).toBeGreaterThanOrEqual(0.97);
    }
    // What has a layer is not inserted again.
    await window.ui.getByText(/0 of \d+ chosen · \d+ already have a layer/).waitFor();
  });

  it('finds its way back to a sidecar that was killed, and keeps the prompts', async () => {
    await window.ui.getByRole('tab', { name: /Object/ }).click();
    await window.clickImage(CLICK, SIZE);
    await sidecar.kill();
    sidecar = await SidecarProcess.start(join(home, 'sidecar'));
    await window.clickImage({ x: 515, y: 220 }, SIZE);
    await window.ui
      .getByRole('button', { name: /Insert outline/ })
      .and(window.ui.locator(':enabled'))
      .waitFor();
  });

  it('inserts the object as a picture with a soft edge, where it lies on the image', async () => {
    const steps = window.undoSteps();
    await window.ui.getByRole('button', { name: 'More ways to use the outline' }).click();
    await window.ui.getByRole('button', { name: 'Insert as image, soft edge' }).click();
    await window.ui.getByText('Inserted “Cut-out 1 of photo.jpg”.').first().waitFor();
    expect(window.undoSteps()).toBe(steps + 1);
    const isPicture = ({ name }: NodeDump) => name === 'Cut-out 1 of photo.jpg';
    const picture = findNode(window.host.state.pages, isPicture)!;
    expect(picture).toMatchObject({ type: 'RECTANGLE', fills: [{ type: 'IMAGE', scaleMode: 'FILL' }] });
    // What was clicked by now, the ellipse and the rectangle, and room for the edge all around.
    const [x0, y0, x1, y1] = [190 - 2, 120 - 2, 560 + 2, 330 + 2];
    const expected = [
      apply(TO_PAGE, [x0 / PIXELS_PER_UNIT, y0 / PIXELS_PER_UNIT]),
      apply(TO_PAGE, [x1 / PIXELS_PER_UNIT, y1 / PIXELS_PER_UNIT]),
    ];
    const corners = [
      apply(picture.absoluteTransform, [0, 0]),
      apply(picture.absoluteTransform, [picture.width, picture.height]),
    ];
    // The model may be off by a pixel or two.
    corners.flat().forEach((value, i) => expect(Math.abs(value - expected.flat()[i]!)).toBeLessThan(1.5));
  });

  it('paints and cuts away by hand, and inserts all objects in one step', async () => {
    const { ui } = window;
    const answered = () =>
      ui
        .getByRole('button', { name: /Insert/ })
        .and(ui.locator(':enabled'))
        .first()
        .waitFor();
    await ui.getByRole('button', { name: 'Clear' }).click();
    await window.clickImage(CLICK, SIZE);
    await answered();
    await ui.getByRole('button', { name: 'Mark another object' }).click();
    await window.clickImage({ x: 515, y: 220 }, SIZE);
    await answered();
    // A quarter of the rectangle is cut away with the lasso, and a tail is painted.
    await ui.getByRole('button', { name: /^Lasso/ }).click();
    await window.dragImage(
      [
        { x: 515, y: 225 },
        { x: 600, y: 225 },
        { x: 600, y: 360 },
        { x: 515, y: 360 },
      ],
      SIZE,
      { alt: true },
    );
    await ui.getByRole('button', { name: /^Brush/ }).click();
    await window.dragImage(
      [
        { x: 490, y: 190 },
        { x: 400, y: 190 },
      ],
      SIZE,
    );
    await answered();
    await ui.getByRole('button', { name: 'Undo' }).waitFor();
    const steps = window.undoSteps();
    await ui.getByRole('button', { name: 'More ways to use the outline' }).click();
    await ui.getByRole('button', { name: 'Insert outline', exact: true }).click();
    await ui.getByText('Inserted 2 layers.').first().waitFor();
    expect(window.undoSteps()).toBe(steps + 1);
    const inserted = window.host.state.selection.map((id) => window.host.node(id));
    const vector = inserted.at(-1)!;
    const { prompts } = JSON.parse(vector.pluginData['cutline']!) as { prompts: { type: string }[] };
    // What was found before is taken up by the click.
    expect(prompts.map(({ type }) => type)).toEqual(['mask', 'lasso', 'stroke']);
    const covers = async (x: number, y: number) => (await drawnPixels(vector))[y * SIZE.width + x]! > 127;
    expect(await covers(515 + 20, 225 + 50)).toBe(false);
    expect(await covers(480, 300)).toBe(true);
    expect(await covers(410, 190)).toBe(true);
  });

  /** What the sidecar has found in the image, by name: the masks of its answer, before anything is drawn of them. */
  function everyMask(): Map<string, Uint8Array> {
    const answers = sent.map((message) => (message as { result?: { masks?: FoundMask[] } }).result?.masks);
    const masks = answers.filter((found) => found !== undefined).at(-1)!;
    return new Map(masks.map(({ name, rle }) => [name, decodeRle(rle)]));
  }

  /** What the engine itself answers to the same click. */
  async function modelMask(): Promise<Uint8Array> {
    const { stdout } = await runCli(
      join(home, 'sidecar'),
      ...['cut', join(home, 'scene.png'), '--point', `${CLICK.x},${CLICK.y}`, '--json'],
    );
    const { candidates, chosen } = JSON.parse(stdout);
    return decodeRle(candidates[chosen - 1].rle);
  }
});

function findNode(nodes: readonly NodeDump[], matches: (node: NodeDump) => boolean): NodeDump | undefined {
  for (const node of nodes) {
    const found = matches(node) ? node : findNode(node.children, matches);
    if (found) return found;
  }
  return undefined;
}

function vectorsIn(node: NodeDump): NodeDump[] {
  return node.type === 'VECTOR' ? [node] : node.children.flatMap(vectorsIn);
}

/** IoU of a vector in the document with a mask, in the image's pixels. */
async function overlap(vector: NodeDump, mask: Uint8Array): Promise<number> {
  const alpha = await drawnPixels(vector);
  let intersection = 0;
  let union = 0;
  mask.forEach((inside, i) => {
    const drawn = alpha[i]! > 127;
    if (drawn && inside) intersection++;
    if (drawn || inside) union++;
  });
  return intersection / union;
}

/** How much of each of the image's pixels a vector in the document covers, 0 to 255. */
async function drawnPixels(vector: NodeDump): Promise<Buffer> {
  const toPixels = multiply(invertToPage(), vector.absoluteTransform);
  const [[a, c, e], [b, d, f]] = toPixels;
  const path = vector.vectorPaths.map(({ data }) => data).join(' ');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}">
    <path fill-rule="evenodd" transform="matrix(${[a, b, c, d, e, f].join(' ')})" d="${path}"/></svg>`;
  return sharp(Buffer.from(svg)).ensureAlpha().extractChannel('alpha').raw().toBuffer();
}

/** Page → image pixels. TO_PAGE is a rotation, so its inverse is its transpose. */
function invertToPage(): Transform {
  const [[a, c, tx], [b, d, ty]] = TO_PAGE;
  const back = (p: number, q: number) => [p, q, -(p * tx + q * ty)].map((value) => value * PIXELS_PER_UNIT);
  return [back(a, b), back(c, d)] as Transform;
}
