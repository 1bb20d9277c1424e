/** Documents by the product of what holds an image, how it fills it, and how that lies; and where pixels truly are. */
import { boundsOfBox, multiply } from '../../support/figma/matrix.js';
import type { NodeSpec, Transform } from '../../support/figma/types.js';
import { IMAGE_HASH, IMAGE_NAME, MIRROR, PAINTS, turn } from './scenes.js';
import type { Paint, Scene } from './scenes.js';
import type { ClosedKind } from '../../../plugin/bridge.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Every scale mode, upright and turned by each quarter where Figma has that. */
export const FILLS: Readonly<Record<string, Paint>> = {
  ...Object.fromEntries(
    [0, 90, 180, 270].flatMap((rotation) => [
      [`fill at ${rotation}°`, { scaleMode: 'FILL', rotation }],
      [`fit at ${rotation}°`, { scaleMode: 'FIT', rotation }],
      [`tile at ${rotation}°`, { scaleMode: 'TILE', scalingFactor: 0.31, rotation }],
    ]),
  ),
  crop: PAINTS['crop']!,
  'turned crop': PAINTS['rotated crop']!,
};

/** Something with the image in it, as a child of a container. */
interface Held {
  readonly spec: NodeSpec;
  /** The image node's own coordinates → its container's. */
  readonly toContainer: Transform;
  /** Present where a layer goes beside `spec` rather than right above the image. */
  readonly closed?: ClosedKind;
}

type Hold = (image: NodeSpec, transform: Transform) => Held;

const plainly: Hold = (image, transform) => ({ spec: { ...image, transform }, toContainer: transform });

const as =
  (type: string): Hold =>
  (image, transform) =>
    plainly({ ...image, type }, transform);

const inside =
  (type: string, closed: ClosedKind): Hold =>
  (image, transform) => {
    const within = turn(-14, 12.5, 30);
    const children = [{ ...image, transform: within }];
    const around = { type, name: 'around', width: 500, height: 420, transform, children };
    return { spec: around, toContainer: multiply(transform, within), closed };
  };

/** It is as large as what is in it, and lies along its container's axes, as its fill does. */
const boolean: Hold = (image, transform) => {
  const { width, height } = image as Size & NodeSpec;
  const { fills, ...shape } = image;
  const children = [{ ...shape, name: 'operand', fills: [], transform }];
  const [x, y] = boundsOfBox(transform, width, height);
  return {
    spec: { type: 'BOOLEAN_OPERATION', name: IMAGE_NAME, fills: fills!, children },
    toContainer: turn(0, x, y),
  };
};

const inBoolean: Hold = (image, transform) => ({
  spec: { type: 'BOOLEAN_OPERATION', name: 'around', children: [{ ...image, transform }] },
  toContainer: transform,
  closed: 'booleanOperation',
});

/** Other fills above and below, and a picture of something else that is hidden. */
const among =
  (below: readonly object[], above: readonly object[]): Hold =>
  (image, transform) =>
    plainly({ ...image, fills: [...below, ...(image.fills as readonly object[]), ...above] }, transform);

const RED = { type: 'SOLID', color: { r: 1, g: 0, b: 0 } };
const GRADIENT = {
  type: 'GRADIENT_LINEAR',
  gradientTransform: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  gradientStops: [
    { position: 0, color: { r: 0, g: 0, b: 0, a: 0 } },
    { position: 1, color: { r: 0, g: 0, b: 0, a: 1 } },
  ],
};
const HIDDEN = { type: 'IMAGE', imageHash: 'another', scaleMode: 'FIT', visible: false };

/** Whatever can show an image. */
export const HOLDERS: Readonly<Record<string, Hold>> = {
  rectangle: plainly,
  ellipse: as('ELLIPSE'),
  frame: as('FRAME'),
  vector: as('VECTOR'),
  component: as('COMPONENT'),
  instance: as('INSTANCE'),
  'image in an instance': inside('INSTANCE', 'instance'),
  'boolean operation': boolean,
  'image in a boolean operation': inBoolean,
  'image under a tint': among([HIDDEN], [{ ...RED, opacity: 0.3, blendMode: 'MULTIPLY' }]),
  'image under a gradient and over a colour': among([RED], [GRADIENT, HIDDEN]),
};

/** What is around it, and how it lies in that. */
interface Lie {
  readonly transform: Transform;
  readonly size: Size;
  wrap(held: Held): Scene;
}

const SIZE: Size = { width: 321.7, height: 187.3 };

const lie = (transform: Transform, path: readonly NodeSpec[] = [], size = SIZE): Lie => ({
  transform,
  size,
  wrap: ({ spec, toContainer, closed }) => {
    let children: readonly NodeSpec[] = [other('lower'), spec, other('upper')];
    for (const parent of [...path].reverse()) children = [{ ...parent, children }];
    const transforms = path.flatMap(({ transform: around }) => (around ? [around] : []));
    return {
      specs: children,
      toPage: [...transforms, toContainer].reduce(multiply),
      parent: path[path.length - 1]?.name,
      below: closed ? 'around' : IMAGE_NAME,
    };
  },
});

const other = (name: string): NodeSpec => ({
  type: 'RECTANGLE',
  name,
  width: 60,
  height: 40,
  transform: turn(0, 700, 500),
});

const frame = (name: string, transform: Transform, more: Partial<NodeSpec> = {}): NodeSpec => ({
  type: 'FRAME',
  name,
  width: 900,
  height: 700,
  transform,
  ...more,
});

const PLAIN = turn(0, 40.25, 30.5);

export const LIES: Readonly<Record<string, Lie>> = {
  plain: lie(PLAIN),
  'rotated by 37°': lie(turn(37, 120, 15.75)),
  flipped: lie(multiply(turn(0, 400, 20), MIRROR)),
  'in a rotated frame': lie(PLAIN, [frame('frame', turn(-23, 55.5, -20))]),
  'in a group': lie(turn(8, 5, 6), [{ type: 'GROUP', name: 'group' }]),
  'in a section': lie(PLAIN, [
    { type: 'SECTION', name: 'section', width: 3000, height: 2000, transform: turn(0, 900, -70) },
  ]),
  // Padding, and the lower node with the gap after it.
  'in an auto-layout': lie(turn(0, 16 + 60 + 12, 16), [
    frame('auto-layout', turn(10, 30, 40), { layoutMode: 'HORIZONTAL', padding: 16, itemSpacing: 12 }),
  ]),
  'clipped by a frame': lie(turn(0, -90.5, -60.25), [
    frame('frame', turn(4, 9, 8), { width: 150, height: 120 }),
  ]),
  'at half its size': lie(PLAIN, [], { width: 500, height: 350 }),
};

/** @param paint Of the image; more of it than where it lies does not matter. */
function imageSpecFor(paint: Paint & object, { width, height }: Size): NodeSpec {
  return {
    type: 'RECTANGLE',
    name: IMAGE_NAME,
    width,
    height,
    fills: [{ type: 'IMAGE', imageHash: IMAGE_HASH, ...paint }],
  };
}

/** These differ in how the node itself lies in its parent, which is what placing is about; the others in little else. */
const FULL: ReadonlySet<string> = new Set(['rectangle', 'image in an instance', 'boolean operation']);

/**
 * The whole product for some holders, and a third of it for the others: every holder meets every fill and every lie,
 * and every fill meets every lie.
 */
export function cellsOf(holderName: string): readonly Cell[] {
  const holder = Object.keys(HOLDERS).indexOf(holderName);
  return Object.keys(FILLS).flatMap((fillName, fill) =>
    Object.keys(LIES)
      .map((lieName, i) => ({ lieName, sum: fill + i + holder }))
      .filter(({ sum }) => FULL.has(holderName) || sum % 3 === 0)
      .map(({ lieName, sum }) => ({ ...cellOf(holderName, fillName, lieName), asPicture: sum % 2 === 0 })),
  );
}

export interface Cell {
  readonly name: string;
  readonly paint: Paint;
  readonly scene: Scene;
  readonly closed: ClosedKind | undefined;
  /** What is inserted besides a cut-out: a picture, or an outline. */
  readonly asPicture: boolean;
}

export function cellOf(holderName: string, fillName: string, lieName: string, more: object = {}): Cell {
  const paint = { ...FILLS[fillName]!, ...more };
  const { size, transform, wrap } = LIES[lieName]!;
  const held = HOLDERS[holderName]!(imageSpecFor(paint, size), transform);
  const name = `${holderName}, ${fillName}, ${lieName}`;
  return { name, paint, scene: wrap(held), closed: held.closed, asPicture: false };
}
