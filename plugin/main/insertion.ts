/** One insertion: all or nothing, one undo step, and never so long at a time that the canvas freezes. */
import type { FileChoices, ImageSource } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import { refusedByFigma } from './figma-errors.js';
import { keepFileChoices } from './file-choices.js';
import type { FilledNode } from './image-node.js';
import { offerAgain } from './relaunch.js';
import { pageOf } from './page.js';
import { drift, findPlace, openUnchanged } from './place.js';
import type { Place } from './place.js';
import type { RequestContext } from './requests.js';
import { madeNode, takeAllBack, withLeft } from './take-back.js';
import type { Change } from './take-back.js';
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
  /** What is changed besides. */
  readonly changes?: readonly Change[];
  /** For the file to keep. */
  readonly choices?: FileChoices | undefined;
}

/**
 * Adds layers to the document. When it fails, is cancelled, or the plugin is closed meanwhile, it takes back what it
 * did.
 *
 * @returns What the layers are beside, if it is not the image.
 * @throws CodedError NODE_GONE, NODE_CHANGED, NODE_READ_ONLY, CANCELLED, LEFT_BEHIND, and whatever `add` throws.
 */
export async function insertLayers<Layer>(
  node: FilledNode,
  { source, layers, add, selection, changes = [], choices = {} }: InsertionJob<Layer>,
  context: RequestContext,
): Promise<Pick<Place, 'beside'>> {
  const made: SceneNode[] = [];
  const others: Change[] = [...changes];
  const takeBack = (): readonly string[] =>
    takeAllBack([...made.map((layer) => madeNode(layer, 'the layers that it had added')), ...others]);
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
    others.push(...select(selection()));
    others.push(...offerAgain(node));
    others.push(...keepFileChoices(choices));
    figma.commitUndo();
    return place.beside ? { beside: place.beside } : {};
  } catch (error) {
    const first = error instanceof CodedError ? error : refusedByFigma(error, 'add a layer beside the image');
    throw withLeft(first, takeBack());
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
function select(nodes: readonly SceneNode[]): Change[] {
  const page = nodes[0] && pageOf(nodes[0]);
  if (!page || page.id !== figma.currentPage.id) return [];
  const before = page.selection;
  page.selection = nodes;
  const takeBack = (): void => {
    page.selection = before.filter(({ removed }) => !removed);
  };
  return [{ what: 'the selection', takeBack }];
}
