/** One insertion: all or nothing, one undo step, and never so long at a time that the canvas freezes. */
import type { FileChoices, ImageSource } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import { keepFileChoices } from './file-choices.js';
import type { FilledNode } from './image-node.js';
import { offerAgain } from './relaunch.js';
import { pageOf } from './page.js';
import { drift, findPlace, openUnchanged } from './place.js';
import type { Place } from './place.js';
import type { RequestContext } from './requests.js';
import { Turns } from './turns.js';

/** Layers made before the canvas gets a chance to repaint, however fast. */
const CHUNK = 10;

/** An image that has moved less is where it was; the rest is rounding. */
const STILL = 0.005;

export interface InsertionJob<Layer> {
  readonly source: ImageSource;
  readonly layers: readonly Layer[];
  /** Adds one layer. Every node goes to `made` as soon as it exists. */
  readonly add: (layer: Layer, place: Place, made: SceneNode[]) => void;
  /** What to select when all are there; with nothing in it, the selection stays. */
  readonly selection: () => readonly SceneNode[];
  /** Takes back what was changed besides. Must not throw. */
  readonly restore?: () => void;
  /** For the file to keep. */
  readonly choices?: FileChoices | undefined;
}

/**
 * Adds layers to the document. When it fails, is cancelled, or the plugin is closed meanwhile, it takes away what
 * it made.
 *
 * @returns What the layers are beside, if it is not the image.
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, CANCELLED, and whatever `add` throws.
 */
export async function insertLayers<Layer>(
  node: FilledNode,
  { source, layers, add, selection, restore, choices = {} }: InsertionJob<Layer>,
  context: RequestContext,
): Promise<Pick<Place, 'beside'>> {
  const made: SceneNode[] = [];
  let withdrawOffer = (): void => undefined;
  let forgetChoices = (): void => undefined;
  const takeBack = (): void => {
    made.forEach(removeIfThere);
    restore?.();
    forgetChoices();
    if (!node.removed) withdrawOffer();
  };
  figma.on('close', takeBack);
  try {
    figma.commitUndo();
    const turns = new Turns(CHUNK);
    const place = findPlace(node);
    let now = place;
    for (const [i, layer] of layers.entries()) {
      if (turns.over()) {
        context.progress(i, layers.length);
        await turns.rest();
        context.throwIfCancelled();
        now = await findSamePlace(source, place);
      }
      add(layer, now, made);
    }
    select(selection());
    withdrawOffer = offerAgain(node);
    forgetChoices = keepFileChoices(choices);
    figma.commitUndo();
    return place.beside ? { beside: place.beside } : {};
  } catch (error) {
    takeBack();
    throw error instanceof CodedError ? error : refusedByFigma(error, 'add a layer beside the image');
  } finally {
    figma.off('close', takeBack);
  }
}

/** Finds the place anew: layers around the image may have come or gone, but it has to be where it was. */
async function findSamePlace(source: ImageSource, place: Place): Promise<Place> {
  const { node } = await openUnchanged(source);
  const now = findPlace(node);
  if (drift(place, now, node) < STILL) return now;
  throw new CodedError(
    'NODE_CHANGED',
    `${node.name} was moved while layers were being inserted above it.`,
    'Insert again.',
  );
}

/** Selecting on another page than the current one is refused, and would be of no use. */
function select(nodes: readonly SceneNode[]): void {
  if (nodes[0] && pageOf(nodes[0])?.id === figma.currentPage.id) figma.currentPage.selection = nodes;
}

/**
 * The error for a change that Figma refused.
 *
 * @param what What was being done, to follow "did not let the plugin".
 */
export function refusedByFigma(cause: unknown, what: string): CodedError {
  return new CodedError(
    'NODE_READ_ONLY',
    `Figma did not let the plugin ${what}.`,
    'Check that you may edit this file and that it is not inside a component of a library.',
    { cause },
  );
}

/** One node that cannot be removed does not keep the others, nor hide why they are taken back. */
function removeIfThere(node: SceneNode): void {
  try {
    if (!node.removed) node.remove();
  } catch {
    // It went with its group, or Figma holds on to it.
  }
}
