/** Makes one object a layer: a vector with an outline's paint or the image's own, or the image masked by one. */
import type { ImageSource, LayerRef, LayerStyle, OutlineLayer } from '../bridge.js';
import { copyImage, moveFills, readMovableFills } from './cut-out.js';
import type { MovableFill } from './cut-out.js';
import { requireMasks } from './editor.js';
import type { FilledNode } from './image-node.js';
import { markGroup, writeLayerData } from './layer-data.js';
import type { MadeFrom } from './layer-data.js';
import { drawPath } from './place.js';
import type { Place } from './place.js';
import type { Matrix } from './placement.js';

/** What an outline without a colour of its own is drawn with: visible on light and dark photographs alike. */
const STROKE: SolidPaint = { type: 'SOLID', color: { r: 0.05, g: 0.55, b: 1 } };

/** What masks: anything opaque does. */
export const OPAQUE: SolidPaint = { type: 'SOLID', color: { r: 0, g: 0, b: 0 } };

/** A node made for a layer, and where it belongs. */
interface Drawn {
  readonly node: VectorNode | RectangleNode;
  readonly transform: Matrix;
}

export interface MadeLayer {
  /** Known while it can still be taken back: nothing is read once all is done. */
  readonly ref: LayerRef;
  /** Carries the layer's data. */
  readonly vector: VectorNode;
  /** All of the layer: the vector itself, or the group of a mask. */
  readonly top: VectorNode | GroupNode;
  /** Puts the nodes where they belong; call it last, when nothing moves them any more. */
  settle(): void;
}

/** Makes the layers of one insertion, all in one style. They are on the page still, for the caller to hang. */
export class LayerMaker {
  private constructor(
    private readonly image: FilledNode,
    private readonly source: ImageSource,
    private readonly style: LayerStyle,
    /** Present where cut-outs need no mask. */
    private readonly fills: readonly MovableFill[] | undefined,
  ) {}

  /**
   * @param image As it is now, unchanged since `source` was read.
   * @throws CodedError NODE_CHANGED for cut-outs that take a mask where there is none.
   */
  static async for(image: FilledNode, source: ImageSource, style: LayerStyle): Promise<LayerMaker> {
    const fills = style === 'cutouts' ? await readMovableFills(image) : undefined;
    if (style === 'cutouts' && !fills) requireMasks(image);
    return new LayerMaker(image, source, style, fills);
  }

  /** @param made Gets every node as soon as it exists. */
  make(layer: MadeFrom, name: string, place: Place, made: SceneNode[]): MadeLayer {
    const vector = figma.createVector();
    made.push(vector);
    const drawn: Drawn[] = [
      { node: vector, transform: drawPath(vector, layer.path, place, this.source.pixelsPerUnit) },
    ];
    vector.name = name;
    writeLayerData(vector, this.source, layer);
    this.paint(vector, layer, place);
    let top: MadeLayer['top'] = vector;
    if (this.style === 'cutouts' && !this.fills) {
      const rectangle = figma.createRectangle();
      made.push(rectangle);
      copyImage(rectangle, this.image, place);
      drawn.push({ node: rectangle, transform: place.axes });
      top = this.maskImage(vector, rectangle, made);
    }
    const settle = (): void => {
      for (const { node, transform } of drawn) node.relativeTransform = transform;
    };
    return { ref: { nodeId: vector.id, name }, vector, top, settle };
  }

  /** Groups what is on the page still; the group stands for the image. */
  group(node: SceneNode, name: string, made: SceneNode[]): GroupNode {
    const group = figma.group([node], figma.currentPage);
    made.push(group);
    group.name = name;
    markGroup(group, this.source);
    return group;
  }

  private paint(vector: VectorNode, { fill }: OutlineLayer, place: Place): void {
    if (this.style === 'cutouts') {
      vector.fills = this.fills ? moveFills(this.fills, vector, this.image, place) : [OPAQUE];
      vector.strokes = [];
      return;
    }
    vector.fills = fill ? [{ type: 'SOLID', color: { r: fill.r, g: fill.g, b: fill.b } }] : [];
    vector.strokes = fill ? [] : [STROKE];
    vector.strokeWeight = 1;
  }

  /** A mask masks every sibling above it, so it gets a group of its own with the image. */
  private maskImage(mask: VectorNode, image: RectangleNode, made: SceneNode[]): GroupNode {
    const group = this.group(mask, mask.name, made);
    group.appendChild(image);
    mask.isMask = true;
    return group;
  }
}
