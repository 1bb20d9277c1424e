/** The built plugin window in a frame without an origin, as Figma shows it, beside a main thread that only answers. */
import type { Browser, Frame, Page } from 'playwright-core';
import { SIDECAR_PORTS } from '../../protocol/version.js';
import type { Size } from '../../protocol/geometry.js';
import { watchPage } from './probes.js';

export interface FigmaPageOptions {
  /** The page that is put into the frame. */
  readonly html: string;
  /** Where the sidecar listens, and the token that it lets in; nothing is connected to without. */
  readonly sidecar?: { readonly origin: string; readonly token: string };
  /** What is selected; nothing without. */
  readonly image?: Size & { readonly bytes: Uint8Array };
}

export interface FigmaPage {
  readonly page: Page;
  readonly frame: Frame;
  dispose(): Promise<void>;
}

/** The plugin's window as it first opens, on a display with two pixels a point. */
const VIEWPORT = { width: 400, height: 640 };
const DENSITY = 2;
const ADDRESS = 'https://figma.test/';

export async function openFigmaPage(browser: Browser, options: FigmaPageOptions): Promise<FigmaPage> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    deviceScaleFactor: DENSITY,
    permissions: ['local-network-access'],
  });
  const page = await context.newPage();
  await page.addInitScript(watchPage);
  await page.route(ADDRESS, (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: hostPage(options) }),
  );
  await page.route(`${ADDRESS}photo`, (route) =>
    route.fulfill({ contentType: 'image/jpeg', body: Buffer.from(options.image!.bytes) }),
  );
  await page.goto(ADDRESS);
  return { page, frame: page.frames()[1]!, dispose: () => context.close() };
}

/** Figma's page: the window, and a main thread that knows one image. */
function hostPage({ html, sidecar, image }: FigmaPageOptions): string {
  const selection = image
    ? {
        kind: 'image',
        nodeId: '1:2',
        name: 'photo.jpg',
        imageHash: 'photo',
        revision: '1',
        node: { width: image.width, height: image.height },
        pixels: { width: image.width, height: image.height },
      }
    : { kind: 'none' };
  // No second look at the object: what is measured ends with the first outline.
  const settings = { ...(sidecar && { token: sidecar.token }), preferences: { refine: false } };
  const answers = { 'ui-ready': { selection, settings }, 'list-layers': { layers: [] } };
  return `<!doctype html><style>body{margin:0}iframe{border:0;width:100vw;height:100vh;display:block}</style>
    <iframe sandbox="allow-scripts" allow="local-network-access *; loopback-network *"></iframe><script>
    const answers = ${JSON.stringify(answers)};
    const frame = document.querySelector('iframe');
    const readImage = async () => ({
      source: { nodeId: '1:2', imageHash: 'photo', pixelsPerUnit: 1, revision: '1' },
      bytes: new Uint8Array(await (await fetch('/photo')).arrayBuffer()),
      pixels: ${JSON.stringify(image ? { width: image.width, height: image.height } : {})},
    });
    addEventListener('message', async ({ data }) => {
      const { type, id, method, params } = data?.pluginMessage ?? {};
      if (type !== 'request') return;
      const result = method === 'read-image' ? await readImage() : (answers[method] ?? params);
      frame.contentWindow.postMessage({ pluginMessage: { type: 'result', id, result } }, '*');
    });
    frame.srcdoc = ${JSON.stringify(withPort(html, sidecar?.origin)).replaceAll('</', '<\\/')};
    </script>`;
}

/** A benchmark's sidecar listens on any port, lest it meets another one's; the page then tries that port alone. */
function withPort(html: string, origin = 'http://localhost:1'): string {
  const ports = new RegExp(`\\[${SIDECAR_PORTS.join(',\\s*')}\\]`, 'g');
  return html.replace(ports, `[${new URL(origin).port}]`);
}
