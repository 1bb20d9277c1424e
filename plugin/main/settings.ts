/** The person's settings, kept by Figma outside of any file. The iframe itself has no storage. */
import type { Settings, SettingsPatch } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import type { Size } from '../../protocol/geometry.js';
import { quote } from './figma-errors.js';

const KEY = 'cutline';

interface Stored {
  readonly settings: Settings;
  readonly window: Size;
}

/** The window when it is first opened. */
const DEFAULT_WINDOW: Size = { width: 400, height: 640 };
const SMALLEST_WINDOW: Size = { width: 320, height: 480 };
const LARGEST_WINDOW: Size = { width: 1600, height: 1200 };

/** Holds what is stored in memory, and saves one change after another, so that none is lost to another. */
export class SettingsStore {
  private stored: Stored = { settings: {}, window: DEFAULT_WINDOW };
  private isRead = false;
  private saving: Promise<unknown> = Promise.resolve();

  private constructor() {}

  /** What Figma does not give, even when asked twice, is as when the plugin was never opened before. */
  static async load(): Promise<SettingsStore> {
    const store = new SettingsStore();
    try {
      await store.read().catch(() => store.read());
    } catch (error) {
      console.warn(error);
    }
    return store;
  }

  get settings(): Settings {
    return this.stored.settings;
  }

  get window(): Size {
    return this.stored.window;
  }

  /** @throws CodedError SETTINGS_NOT_KEPT; they are then as they were. */
  async patch(patch: SettingsPatch): Promise<Settings> {
    await this.save((stored) => {
      const merged: Record<string, unknown> = { ...stored.settings, ...patch };
      for (const [name, value] of Object.entries(merged)) if (value === null) delete merged[name];
      return { ...stored, settings: merged };
    });
    return this.settings;
  }

  /**
   * @returns The size within its limits.
   * @throws CodedError SETTINGS_NOT_KEPT.
   */
  async rememberWindow(size: Size): Promise<Size> {
    await this.save((stored) => ({ ...stored, window: clampWindow(size) }));
    return this.window;
  }

  private async read(): Promise<void> {
    const stored = (await figma.clientStorage.getAsync(KEY)) as Partial<Stored> | undefined;
    this.stored = {
      settings: stored?.settings ?? {},
      window: clampWindow(stored?.window ?? DEFAULT_WINDOW),
    };
    this.isRead = true;
  }

  private save(change: (stored: Stored) => Stored): Promise<void> {
    const saved = this.saving.then(() => this.saveNow(change));
    this.saving = saved.catch(() => undefined);
    return saved;
  }

  private async saveNow(change: (stored: Stored) => Stored): Promise<void> {
    try {
      // What could not be read is not to be lost to what is saved over it.
      if (!this.isRead) await this.read();
      const stored = change(this.stored);
      await figma.clientStorage.setAsync(KEY, stored);
      this.stored = stored;
    } catch (cause) {
      throw notKept(cause);
    }
  }
}

function notKept(cause: unknown): CodedError {
  return new CodedError(
    'SETTINGS_NOT_KEPT',
    `Figma did not keep the plugin’s settings${quote(cause)}.`,
    'They hold until the plugin is closed. Change one again later, or make room in Figma’s storage in this browser.',
    { cause },
  );
}

/** @returns Whole pixels, neither too small to use nor larger than a screen. */
export function clampWindow({ width, height }: Size): Size {
  return {
    width: Math.round(Math.min(Math.max(width, SMALLEST_WINDOW.width), LARGEST_WINDOW.width)),
    height: Math.round(Math.min(Math.max(height, SMALLEST_WINDOW.height), LARGEST_WINDOW.height)),
  };
}
