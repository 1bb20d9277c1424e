/** Somebody with a keyboard and a screen reader, and no pointer. */
import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import type { PluginWindow } from '../../../support/plugin-window.js';

const PATIENCE = { timeout: 50_000 };

interface Listening {
  /** Everything the live region said. */
  heard: string[];
  /** Whatever was done when nothing had the focus for longer than a frame. */
  lost: string[];
  doing: string;
}

type ListeningWindow = typeof globalThis & { listening: Listening };

export class Typist {
  private constructor(
    private readonly window: PluginWindow,
    private readonly frame: Frame,
  ) {}

  static async sitDown(window: PluginWindow): Promise<Typist> {
    const frame = window.page.frames().find((each) => each !== window.page.mainFrame())!;
    await frame.waitForSelector('[role=status]', { state: 'attached' });
    await frame.evaluate(listen);
    return new Typist(window, frame);
  }

  /** Presses keys one after another; the focus must be somewhere after each. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.frame.evaluate((name) => ((globalThis as ListeningWindow).listening.doing = name), key);
      await this.window.page.keyboard.press(key);
      await this.frame.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))),
      );
      expect(await this.focus(), `the focus after ${key}`).not.toBe('nothing');
    }
  }

  /** Presses a key until something has the focus. */
  async pressUntil(key: string, name: string): Promise<void> {
    for (let presses = 0; presses < 30; presses++) {
      if ((await this.focus()) === name) return;
      await this.press(key);
    }
    expect(await this.focus(), `the focus after many times ${key}`).toBe(name);
  }

  /** What has the focus, by its name. */
  focus(): Promise<string> {
    return this.frame.evaluate(() => {
      const { activeElement } = document;
      if (!activeElement || activeElement === document.body) return 'nothing';
      const label = activeElement.closest('label')?.textContent;
      return (activeElement.getAttribute('aria-label') ?? label ?? activeElement.textContent ?? '').trim();
    });
  }

  async expectFocus(name: string): Promise<void> {
    await expect.poll(() => this.focus(), PATIENCE).toBe(name);
  }

  /** Waits until the screen reader says this, after all that it has said before. */
  async hears(...sentences: readonly (string | RegExp)[]): Promise<void> {
    for (const sentence of sentences) {
      const matches = (heard: string) =>
        typeof sentence === 'string' ? heard === sentence : sentence.test(heard);
      let heard: readonly string[] = [];
      try {
        await expect.poll(async () => (heard = await this.heard()).findIndex(matches), PATIENCE).not.toBe(-1);
      } catch {
        throw new Error(`Not heard: ${sentence}. Heard: ${heard.join(' | ') || 'nothing'}`);
      }
      const end = heard.findIndex(matches) + 1;
      await this.frame.evaluate((n) => (globalThis as ListeningWindow).listening.heard.splice(0, n), end);
    }
  }

  /** What was done when the focus was lost, even if it came back. */
  lost(): Promise<string[]> {
    return this.frame.evaluate(() => (globalThis as ListeningWindow).listening.lost);
  }

  private heard(): Promise<string[]> {
    return this.frame.evaluate(() => (globalThis as ListeningWindow).listening.heard);
  }
}

/** Runs in the window. */
function listen(): void {
  const listening: Listening = { heard: [], lost: [], doing: '' };
  Object.assign(globalThis, { listening });
  const region = document.querySelector('[role=status]')!;
  new MutationObserver(() => listening.heard.push(region.textContent!.trim())).observe(region, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  let hadFocus = false;
  const watch = () => {
    const isLost = document.activeElement === document.body;
    if (isLost && hadFocus && document.hasFocus()) listening.lost.push(listening.doing);
    hadFocus ||= !isLost;
    requestAnimationFrame(watch);
  };
  watch();
}
