/** The gallery in a browser: shows scenes, changes theme and letters, and takes pictures. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { makeBarFont } from './bar-font.js';
import { decodePicture } from './pictures.js';
import type { Picture } from './pictures.js';

interface GalleryWindow {
  readonly sceneNames: string[];
  showScene(name: string): void;
}

interface GalleryOptions {
  /** An image that takes little room in pictures. */
  readonly isFlat?: boolean;
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

export class GalleryPage {
  /** What went wrong in the page, and whatever it wanted from outside. */
  readonly errors: string[] = [];
  scenes: readonly string[] = [];

  private constructor(
    readonly page: Page,
    private readonly devtools: CDPSession,
    private readonly size: { readonly width: number; readonly height: number },
  ) {
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) this.errors.push(request.url());
    });
  }

  /** @param folder Holds the built gallery. */
  static async open(
    browser: Browser,
    folder: string,
    size: { readonly width: number; readonly height: number },
    { isFlat = false, reducedMotion = 'reduce' }: GalleryOptions = {},
  ): Promise<GalleryPage> {
    const page = await browser.newPage({ viewport: size, reducedMotion });
    const gallery = new GalleryPage(page, await page.context().newCDPSession(page), size);
    await page.goto(`file://${folder}/gallery.html${isFlat ? '#flat' : ''}`);
    await page.waitForFunction('window.sceneNames');
    gallery.scenes = await page.evaluate(() => (window as unknown as GalleryWindow).sceneNames);
    if (isFlat) await gallery.loadBars();
    return gallery;
  }

  /** Begins with the light theme. */
  async show(scene: string): Promise<void> {
    await this.setTheme('light');
    await this.page.evaluate((name) => (window as unknown as GalleryWindow).showScene(name), scene);
    await this.settle();
  }

  setTheme(theme: 'light' | 'dark'): Promise<void> {
    return this.page.emulateMedia({ colorScheme: theme });
  }

  /** Two frames: one for the effects, one for the canvases they draw. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** Bars stand for letters in pictures, which so do not depend on the machine's fonts. */
  async setLetters(letters: 'own' | 'bars'): Promise<void> {
    await this.page.evaluate((name) => (document.documentElement.dataset['letters'] = name), letters);
    if (letters === 'bars') await this.settle();
  }

  /** What moves, one line an animation. */
  moving(): Promise<string[]> {
    return this.page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState }) => playState === 'running')
        .map(({ effect }) => `moves: ${(effect as KeyframeEffect).target?.className ?? ''}`),
    );
  }

  /** @param scale Of the picture against the window. */
  async picture(scale: number): Promise<Picture> {
    const { data } = await this.devtools.send('Page.captureScreenshot', {
      format: 'png',
      optimizeForSpeed: true,
      clip: { x: 0, y: 0, ...this.size, scale },
    });
    return decodePicture(Buffer.from(data, 'base64'));
  }

  screenshot(): Promise<Buffer> {
    return this.page.screenshot();
  }

  close(): Promise<void> {
    return this.page.close();
  }

  private async loadBars(): Promise<void> {
    const face = (weight: 400 | 600) => {
      const file = Buffer.from(makeBarFont(weight)).toString('base64');
      return `@font-face { font-family: Bars; font-weight: ${weight}; src: url(data:font/ttf;base64,${file}); }`;
    };
    const bars = `[data-letters='bars'] * { font-family: Bars !important; caret-color: transparent !important; }`;
    await this.page.addStyleTag({ content: face(400) + face(600) + bars });
    await this.page.evaluate(() =>
      Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 11px Bars`))),
    );
  }
}
