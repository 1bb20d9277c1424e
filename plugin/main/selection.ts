/** Tells the UI what is selected. */
import type { ImageSelection, SelectionState } from '../bridge.js';
import { CodedError } from '../../protocol/errors.js';
import { planExport } from './export-node.js';
import { markRevision, readImageNode } from './image-node.js';
import type { ImageNode } from './image-node.js';
import { readOrigin } from './layer-data.js';
import { describeLayers, describeOther, describeSeveral, findSource } from './several.js';

/** Pushes the selection when it has changed. Answers that were overtaken by a newer one are dropped. */
export class SelectionWatcher {
  private started = false;
  private asked = 0;
  private known = '';

  constructor(private readonly onDidChange: (selection: SelectionState) => void) {}

  /** Pushes from now on. @returns The selection as it is. */
  async start(): Promise<SelectionState> {
    for (;;) {
      const turn = ++this.asked;
      const selection = await describeOrNone();
      if (turn !== this.asked) continue;
      this.started = true;
      this.known = JSON.stringify(selection);
      return selection;
    }
  }

  /** Looks again, and pushes what it finds if that is new. What fails is left to the next time. */
  push(): void {
    this.look().catch((error: unknown) => console.warn(error));
  }

  private async look(): Promise<void> {
    const turn = ++this.asked;
    const selection = await describeSelection();
    const described = JSON.stringify(selection);
    if (!this.started || turn !== this.asked || described === this.known) return;
    this.onDidChange(selection);
    this.known = described;
  }
}

/** The window opens whatever there is to be seen; the next change of the selection is another chance. */
async function describeOrNone(): Promise<SelectionState> {
  try {
    return await describeSelection();
  } catch (error) {
    console.warn(error);
    return { kind: 'none' };
  }
}

/** Describes the current page's selection. Never rejects because of what is selected. */
async function describeSelection(): Promise<SelectionState> {
  const selected = figma.currentPage.selection;
  const first = selected[0];
  if (!first) return { kind: 'none' };
  const source = await findCommonSource(selected);
  if (source) return { ...describeImage(source), ...describeOpenable(selected, source) };
  if (selected.length > 1) return describeSeveral(selected);
  try {
    return describeImage(await readImageNode(first));
  } catch (error) {
    return describeFailure(first, error);
  }
}

function describeImage(imageNode: ImageNode): ImageSelection {
  const { node, paint } = imageNode;
  return {
    kind: 'image',
    nodeId: node.id,
    name: node.name,
    imageHash: paint.imageHash,
    revision: markRevision(imageNode),
    node: { width: node.width, height: node.height },
    pixels: planExport(imageNode).pixels,
  };
}

/** The selected layers of ours that can be opened: the one, or several. */
function describeOpenable(
  selected: readonly SceneNode[],
  source: ImageNode,
): Pick<ImageSelection, 'layer' | 'layers'> {
  const layers = describeLayers(selected, source);
  if (layers.length > 1) return { layers };
  const [layer] = layers;
  return layer && selected.length === 1 ? { layer: { nodeId: layer.nodeId, name: layer.name } } : {};
}

function describeFailure(node: SceneNode, error: unknown): SelectionState {
  if (error instanceof CodedError && error.code === 'NODE_GONE') return { kind: 'none' };
  const { name, what, reason } = describeOther(node, error);
  return { kind: 'not-image', name, what, reason };
}

/** The one image that all selected layers of ours were made from, if that is all that is selected. */
async function findCommonSource(selected: readonly SceneNode[]): Promise<ImageNode | undefined> {
  const first = selected[0] && readOrigin(selected[0]);
  if (!first || !selected.every((node) => readOrigin(node)?.nodeId === first.nodeId)) return undefined;
  return findSource(selected[0]!);
}
