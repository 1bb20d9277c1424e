/** Documents with one image in them, and where its pixels truly lie on the page. */
import { apply, multiply } from '../../support/figma/matrix.js';
import type { ExportJob, NodeDump, NodeSpec, Transform } from '../../support/figma/types.js';

export type Xy = readonly [number, number];

export const IMAGE = { width: 1000, height: 700 };
export const IMAGE_HASH = 'photo';
export const IMAGE_NAME = 'photo.jpg';

/** A turn by degrees, clockwise as y points down, with the origin moved to (x, y). */
export function turn(degrees: number, x: number, y: number): Transform {
  const angle = (degrees * Math.PI) / 180;
  return [
    [Math.cos(angle), -Math.sin(angle), x],
    [Math.sin(angle), Math.cos(angle), y],
  ];
}

export const MIRROR: Transform = [
  [-1, 0, 0],
  [0, 1, 0],
];

export interface Paint {
  readonly scaleMode: 'FILL' | 'FIT' | 'CROP' | 'TILE';
  readonly imageTransform?: Transform;
  readonly scalingFactor?: number;
  readonly rotation?: number;
}

/** Every way a fill can lie in its node. */
export const PAINTS: Readonly<Record<string, Paint>> = {
  fill: { scaleMode: 'FILL' },
  'fill turned by 90°': { scaleMode: 'FILL', rotation: 90 },
  fit: { scaleMode: 'FIT' },
  'fit turned by 270°': { scaleMode: 'FIT', rotation: 270 },
  crop: {
    scaleMode: 'CROP',
    imageTransform: [
      [0.5, 0, 0.25],
      [0, 0.4, 0.3],
    ],
  },
  'rotated crop': {
    scaleMode: 'CROP',
    imageTransform: [
      [0.5, -0.2, 0.3],
      [0.25, 0.45, 0.1],
    ],
  },
  tile: { scaleMode: 'TILE', scalingFactor: 0.31 },
};

/** Every way the node itself can lie. */
export const NODE_TRANSFORMS: Readonly<Record<string, Transform>> = {
  plain: turn(0, 40.25, 30.5),
  'rotated by 37°': turn(37, 120, 15.75),
  flipped: multiply(turn(0, 400, 20), MIRROR),
  'flipped and rotated': multiply(turn(-110, 300, 200), MIRROR),
};

export interface Scene {
  readonly specs: readonly NodeSpec[];
  /** The node's own coordinates → the page's; undefined where an auto-layout decides. */
  readonly toPage: Transform | undefined;
  /** Name of the node that a layer becomes a child of; the page when undefined. */
  readonly parent: string | undefined;
  /** Name of the sibling right below the layer. */
  readonly below: string;
}

/** Wraps the image in whatever it may be in. */
export const SURROUNDINGS: Readonly<Record<string, (image: NodeSpec) => Scene>> = {
  'on the page': (image) => scene([image], [image], undefined),
  'in a frame': (image) => nested(image, [box('FRAME', 'frame', turn(0, 55.5, -20))]),
  'in rotated and flipped frames': (image) =>
    nested(image, [
      box('FRAME', 'outer', multiply(turn(20, -300, 70), MIRROR)),
      box('FRAME', 'inner', turn(-50, 33, 44)),
    ]),
  'in a section': (image) => nested(image, [box('SECTION', 'section', turn(0, 1000, 2000))]),
  'in groups in a rotated frame': (image) =>
    nested(image, [box('FRAME', 'frame', turn(15, 9, 8)), group('outer group'), group('group')]),
  'in a locked frame': (image) => nested(image, [{ ...box('FRAME', 'frame', turn(5, 1, 2)), locked: true }]),
  'in an instance': (image) => {
    const path = [
      box('FRAME', 'frame', turn(12, 5, 6)),
      box('INSTANCE', 'instance', turn(-33, 70, 80)),
      box('FRAME', 'within', turn(8, 1, 2)),
    ];
    return { ...nested(image, path), parent: 'frame', below: 'instance' };
  },
  'in an instance in an instance on the page': (image) => {
    const path = [box('INSTANCE', 'instance', turn(-33, 70, 80)), box('INSTANCE', 'within', turn(8, 1, 2))];
    return { ...nested(image, path), parent: undefined, below: 'instance' };
  },
  'in an instance in a group': (image) => {
    const path = [
      box('FRAME', 'frame', turn(30, 5, 6)),
      group('group'),
      box('INSTANCE', 'instance', turn(8, 1, 2)),
    ];
    return { ...nested(image, path), parent: 'group', below: 'instance' };
  },
  'in a skewed instance, where turned axes are no longer of unit length': (image) => {
    const skewed: Transform = [
      [1, 0.6, 70],
      [0, 0.8, 80],
    ];
    const path = [box('FRAME', 'frame', turn(12, 5, 6)), box('INSTANCE', 'instance', skewed)];
    return { ...nested(image, path), parent: 'frame', below: 'instance' };
  },
  'in a boolean operation': (image) => {
    const path = [box('FRAME', 'frame', turn(25, 5, 6)), { type: 'BOOLEAN_OPERATION', name: 'union' }];
    return { ...nested(image, path), parent: 'frame', below: 'union' };
  },
  'as a component of a set': (image) => ({
    ...nested({ ...image, type: 'COMPONENT' }, [box('COMPONENT_SET', 'set', turn(9, 5, 6))]),
    parent: undefined,
    below: 'set',
  }),
  'in an auto-layout': (image) => laidOut(nested(image, [autoLayout('HORIZONTAL', turn(10, 30, 40))])),
  'in groups in an auto-layout': (image) => {
    const path = [autoLayout('VERTICAL', turn(-70, 30, 40)), group('outer group'), group('group')];
    return { ...laidOut(nested(image, path)), parent: 'auto-layout', below: 'outer group' };
  },
};

const box = (type: string, name: string, transform: Transform): NodeSpec => ({
  type,
  name,
  transform,
  width: 2000,
  height: 1500,
});

const group = (name: string): NodeSpec => ({ type: 'GROUP', name });

const autoLayout = (layoutMode: 'HORIZONTAL' | 'VERTICAL', transform: Transform): NodeSpec => ({
  ...box('FRAME', 'auto-layout', transform),
  layoutMode,
  padding: 16,
  itemSpacing: 12,
});

const other = (name: string): NodeSpec => ({
  type: 'RECTANGLE',
  name,
  width: 60,
  height: 40,
  transform: turn(0, 700, 500),
});

/** The image between two other nodes inside the last of `path`, which lie in each other. */
function nested(image: NodeSpec, path: readonly NodeSpec[]): Scene {
  let children: readonly NodeSpec[] = [other('lower'), image, other('upper')];
  for (const parent of [...path].reverse()) children = [{ ...parent, children }];
  return scene(children, [...path, image], path[path.length - 1]!.name);
}

function scene(specs: readonly NodeSpec[], path: readonly NodeSpec[], parent: string | undefined): Scene {
  const transforms = path.flatMap(({ transform }) => (transform ? [transform] : []));
  return { specs, toPage: transforms.reduce(multiply), parent, below: IMAGE_NAME };
}

const laidOut = (scene_: Scene): Scene => ({ ...scene_, toPage: undefined });

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A position in a stored image → the position in a node's box where its fill shows it. */
export function imageToNode(paint: Paint, box_: Size, [x, y]: Xy, image: Size = IMAGE): Xy {
  const { width: w, height: h } = box_;
  if (paint.scaleMode === 'TILE') {
    const [u, v] = rotateInImage(paint.rotation ?? 0, [x, y], image);
    return [u * paint.scalingFactor!, v * paint.scalingFactor!];
  }
  if (paint.scaleMode === 'CROP') {
    const [[a, c, e], [b, d, f]] = paint.imageTransform!;
    const [u, v] = [x / image.width - e, y / image.height - f];
    const area = a * d - b * c;
    return [((d * u - c * v) / area) * w, ((a * v - b * u) / area) * h];
  }
  const turned = rotateInImage(paint.rotation ?? 0, [x, y], image);
  const upright = (paint.rotation ?? 0) % 180 === 0;
  const [iw, ih] = upright ? [image.width, image.height] : [image.height, image.width];
  const scale = paint.scaleMode === 'FILL' ? Math.max(w / iw, h / ih) : Math.min(w / iw, h / ih);
  return [(w - iw * scale) / 2 + turned[0] * scale, (h - ih * scale) / 2 + turned[1] * scale];
}

function rotateInImage(degrees: number, [x, y]: Xy, { width, height }: Size): Xy {
  if (degrees === 90) return [height - y, x];
  if (degrees === 180) return [width - x, height - y];
  return degrees === 270 ? [y, width - x] : [x, y];
}

/** Where Figma's export of a frame with one filled rectangle shows a position of the stored image. */
export function imageToExport({ node, scale }: ExportJob, at: Xy): Xy {
  const rectangle = node.children[0]!;
  const fill = (rectangle.fills as unknown as readonly (Paint & { type: string; visible?: boolean })[]).find(
    ({ type, visible }) => type === 'IMAGE' && visible !== false,
  )!;
  const [x, y] = apply(rectangle.relativeTransform, [...imageToNode(fill, rectangle, at)] as [
    number,
    number,
  ]);
  return [x * scale, y * scale];
}

/** Every point of a vector's geometry on the page, as anyone with the file would compute it. */
export function pointsOnPage(vector: NodeDump): Xy[] {
  return vector.vectorPaths.flatMap(({ data }) => {
    const numbers = data
      .split(' ')
      .filter((token) => !/[MLCZ]/.test(token))
      .map(Number);
    const points: Xy[] = [];
    for (let i = 0; i < numbers.length; i += 2) {
      points.push(apply(vector.absoluteTransform, [numbers[i]!, numbers[i + 1]!]));
    }
    return points;
  });
}
