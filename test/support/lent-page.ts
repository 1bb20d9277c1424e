/** One page for the tests of a file, each of which gets it as new: a renderer for each takes longer than most tests do. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** What tests listen to. */
const EVENTS = ['console', 'download', 'pageerror', 'request', 'websocket', 'worker'] as const;

export class LentPage {
  private constructor(
    private readonly page: Page,
    private readonly size: { readonly width: number; readonly height: number },
  ) {}

  static async open(
    browser: Browser,
    options: BrowserContextOptions & { viewport: { width: number; height: number } },
  ): Promise<LentPage> {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(50_000);
    return new LentPage(page, options.viewport);
  }

  /** Hands it out until the test ends. Nothing stored, allowed or listened to is left of the one before. */
  async lend(size = this.size): Promise<Page> {
    onTestFinished(() => this.takeBack());
    await this.page.setViewportSize(size);
    return this.page;
  }

  private async takeBack(): Promise<void> {
    const { page } = this;
    for (const event of EVENTS) page.removeAllListeners(event);
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await page.context().clearCookies();
    await page.context().clearPermissions();
    await page.goto('about:blank');
  }
}
