/** Choices that Figma keeps: the person's own, and those of the file, which come first in it. */
import type { BridgeClient, BridgeResult, SettingsPatch } from '../bridge.js';
import type { DeliveryKind } from './delivery.js';
import { asFailure, wordsOf } from './failure.js';
import type { Settings, SettingsStore } from './host.js';
import { asLanguageChoice } from './language-choice.js';

/** What can be done with an outline in Figma. */
export const FIGMA_DELIVERIES: readonly DeliveryKind[] = [
  'insert',
  'insertFilled',
  'insertCutout',
  'separate',
  'insertImage',
  'insertFurryImage',
];

interface Kept {
  readonly own: Settings;
  readonly file: Settings;
}

/**
 * Keeps what was loaded at hand, so that a save is seen by the next load at once. What the file brings is not saved as
 * the person's own until they choose otherwise; the file itself changes with insertions alone. What Figma does not keep
 * holds as long as the window, which a notice says once.
 */
export function figmaSettings(
  bridge: BridgeClient,
  first: Promise<Pick<BridgeResult<'ui-ready'>, 'settings' | 'choices'>>,
): SettingsStore {
  let current: Promise<Kept> = first.then(({ settings, choices }) => ({
    own: { token: settings.token, ...read(settings.preferences) },
    file: read({ ...choices }),
  }));
  let isTold = false;
  const tell = (error: unknown): void => {
    if (isTold) return;
    isTold = true;
    const { message } = wordsOf(asFailure(error));
    bridge.request('notify', { message, error: true }).catch((cause: unknown) => console.warn(cause));
  };
  const keep = (patch: SettingsPatch): void => void bridge.request('set-settings', patch).catch(tell);
  return {
    load: () => current.then(({ own, file }) => ({ ...own, ...file })),
    save(change) {
      current = current.then((kept) => {
        const now: Settings = { ...kept.own, ...kept.file };
        const names = Object.keys(change) as (keyof Settings)[];
        const chosen = names.filter((name) => change[name] !== now[name]);
        if (chosen.length === 0) return kept;
        const own = { ...kept.own, ...only(change, chosen) };
        const { token, ...preferences } = own;
        keep({
          // One that Figma did not give at the start is there still, unless there is another now.
          ...(chosen.includes('token') && { token: token ?? null }),
          preferences: definedOnly(preferences),
        });
        const others = (Object.keys(kept.file) as (keyof Settings)[]).filter(
          (name) => !chosen.includes(name),
        );
        return { own, file: only(kept.file, others) };
      });
    },
  };
}

function only(settings: Settings, names: readonly (keyof Settings)[]): Settings {
  return Object.fromEntries(names.map((name) => [name, settings[name]]));
}

/** Reads what this version knows; whatever else is kept there stays out of the way. */
function read(preferences: Readonly<Record<string, unknown>> = {}): Settings {
  const { toleranceFactor, delivery, refine, originalAfter, treeStyle, sharedEdges, batchTask, batchBox } =
    preferences;
  const language = asLanguageChoice(preferences['language']);
  const preferred = FIGMA_DELIVERIES.find((kind) => kind === delivery);
  return {
    ...(typeof toleranceFactor === 'number' && { toleranceFactor }),
    ...(preferred && { delivery: preferred }),
    ...(typeof refine === 'boolean' && { refine }),
    ...((originalAfter === 'keep' || originalAfter === 'hide' || originalAfter === 'lock') && {
      originalAfter,
    }),
    ...((treeStyle === 'outlines' || treeStyle === 'cutouts') && { treeStyle }),
    ...(typeof sharedEdges === 'boolean' && { sharedEdges }),
    ...(language && { language }),
    ...(typeof batchTask === 'string' && { batchTask }),
    ...(typeof batchBox === 'string' && { batchBox }),
  };
}

function definedOnly(values: object): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
