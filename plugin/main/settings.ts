/** The person's settings, kept by Figma outside of any file. The iframe itself has no storage. */
import type { Settings, SettingsPatch } from '../bridge.js';
import type { Size } from '../../protocol/geometry.js';

const KEY = 'cutline';

interface Stored {
  readonly settings: Settings;
  readonly window: Size;
}

/** The window when it is first opened. */
const DEFAULT_WINDOW: Size = { width: 400, height: 640 };
const SMALLEST_WINDOW: Size = { width: 320, height: 480 };
const LARGEST_WINDOW: Size = { width: 1600, height: 1200 };

/** Holds what is stored in memory, so that changes made at the same time cannot lose each other. */
export class SettingsStore {
  private constructor(private stored: Stored) {}

  static async load(): Promise<SettingsStore> {
    const stored = (await figma.clientStorage.getAsync(KEY)) as Partial<Stored> | undefined;
    return new SettingsStore({
      settings: stored?.settings ?? {},
      window: clampWindow(stored?.window ?? DEFAULT_WINDOW),
    });
  }

  get settings(): Settings {
    return this.stored.settings;
  }

  get window(): Size {
    return this.stored.window;
  }

  async patch(patch: SettingsPatch): Promise<Settings> {
    const merged: Record<string, unknown> = { ...this.settings, ...patch };
    for (const [name, value] of Object.entries(merged)) if (value === null) delete merged[name];
    await this.save({ ...this.stored, settings: merged });
    return this.settings;
  }

  /** @returns The size within its limits. */
  async rememberWindow(size: Size): Promise<Size> {
    await this.save({ ...this.stored, window: clampWindow(size) });
    return this.window;
  }

  private save(stored: Stored): Promise<void> {
    this.stored = stored;
    return figma.clientStorage.setAsync(KEY, stored);
  }
}

/** @returns Whole pixels, neither too small to use nor larger than a screen. */
export function clampWindow({ width, height }: Size): Size {
  return {
    width: Math.round(Math.min(Math.max(width, SMALLEST_WINDOW.width), LARGEST_WINDOW.width)),
    height: Math.round(Math.min(Math.max(height, SMALLEST_WINDOW.height), LARGEST_WINDOW.height)),
  };
}
