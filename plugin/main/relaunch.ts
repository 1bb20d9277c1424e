/** The buttons that Figma shows in its sidebar on what the plugin has worked on. The manifest has their names. */

import { hasLayerButtons } from './editor.js';

/** On a layer of ours: its marks are wanted. */
export const CHANGE_COMMAND = 'change';

/** On an image that layers were made from: the plugin is wanted, with the image selected. */
const AGAIN_COMMAND = 'again';

/** Puts the button on a layer of ours that has an outline to change. */
export function offerChange(layer: SceneNode): void {
  if (hasLayerButtons()) layer.setRelaunchData({ [CHANGE_COMMAND]: '' });
}

/**
 * Puts the button on an image. An image that Figma lets nobody write to goes without: its layers are there.
 *
 * @returns Takes it off again, if it was not there before.
 */
export function offerAgain(image: SceneNode): () => void {
  if (!hasLayerButtons()) return () => undefined;
  try {
    const buttons = image.getRelaunchData();
    if (AGAIN_COMMAND in buttons) return () => undefined;
    image.setRelaunchData({ ...buttons, [AGAIN_COMMAND]: '' });
    return () => image.setRelaunchData(buttons);
  } catch (error) {
    console.warn(error);
    return () => undefined;
  }
}
