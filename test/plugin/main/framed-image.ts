/** A file with one image in a rotated frame, and the plugin running beside it. */
import type { ImageSource } from '../../../plugin/bridge.js';
import type { Bundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import type { NodeSpec } from '../../support/figma/types.js';
import { IMAGE, IMAGE_HASH, IMAGE_NAME, PAINTS, turn } from './scenes.js';

export interface FramedImage {
  readonly plugin: RunningPlugin;
  readonly imageId: string;
}

/** @param more Of the image's node. */
export async function openFramedImage(bundles: Bundles, more: Partial<NodeSpec> = {}): Promise<FramedImage> {
  let imageId = '';
  const plugin = await runPlugin(bundles, { render: () => new Uint8Array([1]) }, (host) => {
    host.addImage(IMAGE_HASH, IMAGE);
    const fills = [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...PAINTS['fill'] }];
    const image = { type: 'RECTANGLE', name: IMAGE_NAME, width: 500, height: 350, fills, ...more };
    const frame = { type: 'FRAME', name: 'frame', width: 800, height: 600, transform: turn(10, 20, 30) };
    imageId = host.build([{ ...frame, children: [image] }])[IMAGE_NAME]!;
  });
  await plugin.client.request('ui-ready', {});
  return { plugin, imageId };
}

export async function readSourceOf({ plugin, imageId }: FramedImage): Promise<ImageSource> {
  const { source } = await plugin.client.request('read-image', { nodeId: imageId });
  return source;
}
