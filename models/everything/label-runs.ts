/** A label map → the runs of every mask with all that lies in it. */
import { runsFromToggles, type Runs } from '../mask/runs.js';
import { UNCOVERED } from '../trace/label-map.js';
import { forEachApart, type Partition } from './partition.js';

/**
 * Reads all masks in one pass over the image.
 *
 * @param count Labels 1 … count are masks.
 * @returns By label: the runs of what it and its descendants are left with; one run of zeros where that is nothing.
 */
export function runsOfLabels(partition: Partition, count: number): Runs[] {
  const { size, stride, labels } = partition;
  const lists: number[][] = Array.from({ length: count + 1 }, () => []);
  let current: number = UNCOVERED;
  const change = (label: number, position: number) => {
    // What is left ends and what is entered begins.
    forEachApart(partition, current, label, (one) => lists[one]!.push(position));
    current = label;
  };
  for (let x = 0; x < size.width; x++) {
    const start = (x + 1) * stride + 1;
    for (let y = 0; y < size.height; y++) {
      if (labels[start + y] !== current) change(labels[start + y]!, x * size.height + y);
    }
  }
  change(UNCOVERED, size.width * size.height);
  return lists.map((toggles) => runsFromToggles(toggles, size));
}
