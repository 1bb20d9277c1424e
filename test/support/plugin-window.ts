/** The plugin's window as Figma shows it: the built page in a sandboxed frame without an origin, beside QuickJS. */
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { fitView, toScreen } from '../../plugin/ui/view.js';
import { createRenderer } from './figma/render.js';
import type { HostEvent, Launch, NodeDump, Transform } from './figma/types.js';
import { buildBundles } from './build-code.js';
import { FigmaHost } from './figma-host.js';

export interface PluginWindowOptions {
  /** The built ui.html and code.js. */
  readonly html: string;
  readonly code: string;
  /** What the manifest lets the window contact. */
  readonly connectSources: readonly string[];
  /** Encoded images by the hash that fills refer to. */
  readonly images: ReadonlyMap<string, Uint8Array>;
  readonly width?: number;
  readonly height?: number;
  /** What the plugin is run for; just so, unless it says otherwise. */
  readonly launch?: Launch;
  /** Fills the document before the plugin runs in it. */
  readonly prepare?: (host: FigmaHost) => void;
}

/** Where an image lies in the document. */
interface PlacedImage {
  readonly width: number;
  readonly height: number;
  /** Figma units a pixel. */
  readonly scale: number;
  readonly transform: Transform;
}

export interface PluginWindow {
  readonly page: Page;
  readonly host: FigmaHost;
  readonly ui: FrameLocator;
  /** Errors on the window's console so far. */
  readonly complaints: readonly string[];
  /** Puts the image `photo` into the document and selects it. */
  selectImage(image: PlacedImage): void;
  /** Clicks on the place of the shown image that shows this pixel; the image must be fitted to the canvas. */
  clickImage(pixel: { readonly x: number; readonly y: number }, image: Size): Promise<void>;
  /** Drags over such places, in a line from one to the next. */
  dragImage(
    pixels: readonly { readonly x: number; readonly y: number }[],
    image: Size,
    options?: { readonly alt?: boolean },
  ): Promise<void>;
  /** Resolves with the newest vector in the document, once there is one. */
  nextVector(): Promise<NodeDump>;
  undoSteps(): number;
  dispose(): Promise<void>;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const FIGMA_ADDRESS = 'https://figma.test/';

export async function openPluginWindow(
  browser: Browser,
  options: PluginWindowOptions,
): Promise<PluginWindow> {
  const { width = 400, height = 640, images } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    permissions: ['local-network-access'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(50_000);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => {
    // A refused connection is how the window learns that no sidecar runs.
    if (line.type() === 'error' && !/ERR_CONNECTION_REFUSED/.test(line.text())) complaints.push(line.text());
  });
  const { sandbox } = await buildBundles();
  const host = await FigmaHost.create(
    { sandbox, code: options.code },
    { render: createRenderer(images), ...(options.launch && { launch: options.launch }) },
  );
  options.prepare?.(host);
  const isVisible = await connect(page, host);
  host.run();
  // Figma is a secure page that is not on this machine; what a frame in it may do depends on both.
  await page.route(FIGMA_ADDRESS, (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: framePage(options, isVisible()) }),
  );
  await page.goto(FIGMA_ADDRESS);
  const ui = page.frameLocator('iframe');
  return {
    page,
    host,
    ui,
    complaints,
    selectImage: (image) => selectImage(host, image, images.get('photo')!),
    async clickImage({ x, y }, image) {
      const box = await settledBox(ui.getByRole('application'));
      const [left, top] = toScreen(fitView(image, box), [x, y]);
      await page.mouse.click(box.x + left, box.y + top);
    },
    async dragImage(pixels, image, { alt = false } = {}) {
      const box = await settledBox(ui.getByRole('application'));
      const view = fitView(image, box);
      const places = pixels.map(({ x, y }) => toScreen(view, [x, y]));
      const moveTo = ([left, top]: readonly [number, number]) =>
        page.mouse.move(box.x + left, box.y + top, { steps: 5 });
      if (alt) await page.keyboard.down('Alt');
      await moveTo(places[0]!);
      await page.mouse.down();
      for (const place of places.slice(1)) await moveTo(place);
      await page.mouse.up();
      if (alt) await page.keyboard.up('Alt');
    },
    async nextVector() {
      for (;;) {
        const { pages, commits } = host.state;
        // An insertion is over when its undo step is closed; until then the vector lies anywhere.
        const closed = commits.length > 0 && commits.length % 2 === 0;
        const vector = closed ? findVector(pages) : undefined;
        if (vector) return vector;
        await page.waitForTimeout(50);
      }
    },
    undoSteps: () => host.state.commits.length / 2,
    async dispose() {
      await context.close();
      host.dispose();
    },
  };
}

/** Where an element is once panels that open beside it have moved it for the last time. */
async function settledBox(element: Locator) {
  let before = '';
  for (;;) {
    const box = await element.boundingBox();
    const now = JSON.stringify(box);
    if (box && now === before) return box;
    before = now;
    await element.page().waitForTimeout(250);
  }
}

/** Relays messages both ways as Figma does; bytes cross to the browser as base64. */
/** @returns Tells whether the window is shown. */
async function connect(page: Page, host: FigmaHost): Promise<() => boolean> {
  await page.exposeFunction('toMain', (json: string) => host.post(JSON.parse(json, reviveBytes)));
  let isVisible = true;
  const relayed = host.onEvent((event: HostEvent) => {
    if (event.type === 'window' && typeof event.options['visible'] === 'boolean') {
      isVisible = event.options['visible'];
      void page.evaluate((shown) => (globalThis as unknown as Relay).showFrame?.(shown), isVisible);
    }
    if (event.type !== 'message') return;
    const json = JSON.stringify(event.message, replaceBytes);
    // A page that is being closed hears nothing more.
    void page.evaluate((text) => (globalThis as unknown as Relay).toUi(text), json).catch(() => undefined);
  });
  page.once('close', () => relayed.dispose());
  return () => isVisible;
}

interface Relay {
  toUi(json: string): void;
  showFrame?(shown: boolean): void;
}

function replaceBytes(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value;
}

function reviveBytes(_key: string, value: unknown): unknown {
  const { $bytes } = (value ?? {}) as { $bytes?: string };
  return $bytes === undefined ? value : new Uint8Array(Buffer.from($bytes, 'base64'));
}

/** Figma's page around the window: a frame with scripts and nothing else, under the manifest's policy. */
function framePage({ html, connectSources }: PluginWindowOptions, isVisible: boolean): string {
  const policy = [
    "default-src 'none'",
    "script-src 'unsafe-inline'",
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    `connect-src ${connectSources.join(' ')}`,
  ].join('; ');
  const guarded = html.replace(
    /<head>/,
    `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`,
  );
  const relay = `
    const frame = document.querySelector('iframe').contentWindow;
    const bytes = (_key, value) => value && value.$bytes !== undefined
      ? Uint8Array.from(atob(value.$bytes), (c) => c.charCodeAt(0)) : value;
    window.showFrame = (shown) => (document.querySelector('iframe').style.display = shown ? 'block' : 'none');
    window.showFrame(${isVisible});
    window.toUi = (json) => frame.postMessage({ pluginMessage: JSON.parse(json, bytes) }, '*');
    const packed = (_key, value) => value instanceof Uint8Array
      ? { $bytes: btoa(Array.from(value, (b) => String.fromCharCode(b)).join('')) } : value;
    window.addEventListener('message', ({ data }) => {
      if (data && data.pluginMessage) window.toMain(JSON.stringify(data.pluginMessage, packed));
    });`;
  return `<!doctype html><style>body{margin:0}iframe{border:0;width:100vw;height:100vh;display:block}</style>
    <iframe sandbox="allow-scripts" allow="local-network-access *; loopback-network *" srcdoc="${escapeAttribute(guarded)}"></iframe><script>${relay}</script>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

function selectImage(host: FigmaHost, image: PlacedImage, bytes: Uint8Array): void {
  const { width, height, scale, transform } = image;
  host.addImage('photo', { width, height, bytes });
  const fill = { type: 'IMAGE', scaleMode: 'FILL', imageHash: 'photo', visible: true };
  const ids = host.build([
    {
      type: 'RECTANGLE',
      name: 'photo.jpg',
      width: width * scale,
      height: height * scale,
      transform,
      fills: [fill],
    },
  ]);
  host.select(ids['photo.jpg']!);
}

function findVector(nodes: readonly NodeDump[]): NodeDump | undefined {
  for (const node of nodes) {
    if (node.type === 'VECTOR') return node;
    const inside = findVector(node.children);
    if (inside) return inside;
  }
  return undefined;
}
