/** Whether the parts of an image show together what it shows, each spot once. */
import { apply } from '../../support/figma/matrix.js';
import { layersAt } from '../../support/figma/sample.js';
import type { NodeDump } from '../../support/figma/types.js';
import { imageToNode } from './scenes.js';
import type { Paint, Xy } from './scenes.js';

/** Of Figma units, between where the image shows a spot and where a part of it does. */
const TOLERANCE = 0.05;

/** Repeatable spots in and around a box. */
function spots({ width, height }: NodeDump, count: number): Xy[] {
  let seed = 7;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: count }, () => [
    (1.3 * random() - 0.15) * width,
    (1.3 * random() - 0.15) * height,
  ]);
}

const find = (node: NodeDump, id: string): NodeDump | undefined =>
  node.id === id
    ? node
    : node.children.reduce<NodeDump | undefined>((found, child) => found ?? find(child, id), undefined);

/** @returns What differs from the image at these spots; nothing where all is as it was. */
export function differences(
  image: NodeDump,
  group: NodeDump,
  paint: Paint,
  isInside: (at: Xy) => boolean,
): string[] {
  return spots(image, 80).flatMap((at) => {
    const shown = layersAt(group, apply(image.absoluteTransform, [at[0], at[1]]));
    const [layer] = shown;
    const wanted = isInside(at) ? 1 : 0;
    const where = at.map((value) => value.toFixed(1)).join(', ');
    if (shown.length !== wanted) return [`${shown.length} layers at ${where} instead of ${wanted}`];
    if (!layer) return [];
    const filled = find(group, layer.id)!;
    const fill = (filled.fills as unknown as readonly (Paint & { type: string; visible?: boolean })[]).find(
      ({ type, visible }) => type === 'IMAGE' && visible !== false,
    )!;
    // Three spots of the image fix where it lies; each is looked for in the part's own coordinates.
    const off = (
      [
        [0, 0],
        [1000, 0],
        [0, 700],
      ] as const
    ).map((spot) => {
      const [x, y] = apply(filled.absoluteTransform, [...imageToNode(fill, filled, spot)] as [
        number,
        number,
      ]);
      const [u, v] = apply(image.absoluteTransform, [...imageToNode(paint, image, spot)] as [number, number]);
      return Math.hypot(x - u, y - v);
    });
    return Math.max(...off) < TOLERANCE
      ? []
      : [`the image is ${Math.max(...off).toFixed(3)} off at ${where}`];
  });
}
