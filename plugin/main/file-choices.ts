/** How the layers of this file are made, kept in the file itself: Figma tells plugins no other name for it. */
import type { FileChoices } from '../bridge.js';
import type { Change } from './take-back.js';

const KEY = 'cutline-choices';

/** @returns Nothing where nothing was kept, or nothing that can be read. */
export function readFileChoices(): FileChoices {
  try {
    const kept: unknown = JSON.parse(figma.root.getPluginData(KEY));
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/**
 * Adds choices to those that the file keeps, as part of whatever undo step is being made. A file that has them keeps
 * its peace.
 *
 * @returns What was changed.
 */
export function keepFileChoices(choices: FileChoices): Change[] {
  const before = figma.root.getPluginData(KEY);
  const after = JSON.stringify({ ...readFileChoices(), ...choices });
  if (after === before || after === '{}') return [];
  figma.root.setPluginData(KEY, after);
  return [{ what: 'what the file remembers', takeBack: () => figma.root.setPluginData(KEY, before) }];
}
