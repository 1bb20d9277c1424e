/** Of what is selected: the list that a batch works through. */
import type { BatchTask, SelectedImage, SelectedLayer } from '../../selection.js';
import type { Offer } from '../host.js';
import type { BatchItem, BatchRun } from './state.js';

export interface Selected {
  readonly images: readonly SelectedImage[];
  readonly layers: readonly SelectedLayer[];
}

/** @returns undefined where nothing that can be worked with is selected. */
export function readSelected(offer: Offer): Selected | undefined {
  if (offer.kind === 'several') return offer.images.length + offer.layers.length > 0 ? offer : undefined;
  if (offer.kind !== 'image' || !offer.selected) return undefined;
  return { images: [offer.selected], layers: offer.layers ?? [] };
}

/** Layers of one image follow each other, so that it is read once. */
export function itemsFor(task: BatchTask, { images, layers }: Selected): BatchItem[] {
  const progress = { kind: 'waiting' } as const;
  if (task !== 'again') {
    return imagesOf({ images, layers }).map((image) => ({ name: image.name, image, progress }));
  }
  const order = [...new Set(layers.map(({ image }) => image.nodeId))];
  const sorted = [...layers].sort((a, b) => order.indexOf(a.image.nodeId) - order.indexOf(b.image.nodeId));
  return sorted.map(({ nodeId, name, image }) => ({ name, image, layer: { nodeId, name }, progress }));
}

/** Whether all that is offered belongs to a run's list: its images, its layers, or nothing at all. */
export function isAbout({ items }: BatchRun, offer: Offer): boolean {
  const known = new Set(items.map(({ image }) => image.nodeId));
  if (offer.kind === 'empty') return true;
  if (offer.kind === 'image') return offer.selected !== undefined && known.has(offer.selected.nodeId);
  if (offer.kind !== 'several' || offer.others.length > 0) return false;
  const images = [...offer.images, ...offer.layers.map(({ image }) => image)];
  return images.every(({ nodeId }) => known.has(nodeId));
}

/** The selected images; where there are layers alone, those that they were made from. */
function imagesOf({ images, layers }: Selected): readonly SelectedImage[] {
  if (images.length > 0) return images;
  return [...new Map(layers.map(({ image }) => [image.nodeId, image])).values()];
}
