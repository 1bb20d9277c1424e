/** The buttons that Figma shows in its sidebar on what the plugin has worked on. The manifest has their names. */

import { hasLayerButtons } from './editor.js';
import type { Change } from './take-back.js';

/** On a layer of ours: its marks are wanted. */
export const CHANGE_COMMAND = 'change';

/** On an image that layers were made from: the plugin is wanted, with the image selected. */
const AGAIN_COMMAND = 'again';

/** Puts the button on a layer of ours that has an outline to change. */
export function offerChange(layer: SceneNode): void {
  if (hasLayerButtons()) layer.setRelaunchData({ [CHANGE_COMMAND]: '' });
}

/** @returns Has a layer of ours show again the buttons that it shows now. */
export function keepButtons(layer: SceneNode): () => void {
  if (!hasLayerButtons()) return () => undefined;
  const buttons = layer.getRelaunchData();
  return () => {
    if (Object.keys(layer.getRelaunchData()).join() !== Object.keys(buttons).join()) {
      layer.setRelaunchData(buttons);
    }
  };
}

/**
 * Puts the button on an image. An image that Figma lets nobody write to goes without: its layers are there.
 *
 * @returns What was changed: nothing if it was there before.
 */
export function offerAgain(image: SceneNode): Change[] {
  if (!hasLayerButtons()) return [];
  try {
    const buttons = image.getRelaunchData();
    if (AGAIN_COMMAND in buttons) return [];
    image.setRelaunchData({ ...buttons, [AGAIN_COMMAND]: '' });
    const takeBack = (): void => {
      if (!image.removed) image.setRelaunchData(buttons);
    };
    return [{ what: 'the button on the image', takeBack }];
  } catch (error) {
    console.warn(error);
    return [];
  }
}
