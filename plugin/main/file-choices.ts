/** How the layers of this file are made, kept in the file itself: Figma tells plugins no other name for it. */
import type { FileChoices } from '../bridge.js';

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
 * @returns Has the file keep again what it kept. Never throws.
 */
export function keepFileChoices(choices: FileChoices): () => void {
  const before = figma.root.getPluginData(KEY);
  const after = JSON.stringify({ ...readFileChoices(), ...choices });
  if (after === before || after === '{}') return () => undefined;
  figma.root.setPluginData(KEY, after);
  return () => {
    try {
      figma.root.setPluginData(KEY, before);
    } catch {
      // The file can be changed no more; why it is restored matters more.
    }
  };
}
