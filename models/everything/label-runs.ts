/** A label map → the runs of every mask with all that lies in it. */
import type { Runs } from '../mask/runs.js';
import { UNCOVERED } from '../trace/label-map.js';
import type { Partition } from './partition.js';

/**
 * Reads all masks in one pass over the image.
 *
 * @param count Labels 1 … count are masks.
 * @returns By label: the runs of what it and its descendants are left with; one run of zeros where that is nothing.
 */
export function runsOfLabels({ size, stride, labels, parents }: Partition, count: number): Runs[] {
  const lists: number[][] = Array.from({ length: count + 1 }, () => []);
  const depths = depthsOf(parents, count);
  let current: number = UNCOVERED;
  const change = (label: number, position: number) => {
    // Up to the mask that holds both, what is left ends and what is entered begins.
    let [a, b] = [current, label];
    while (a !== b) {
      if (depths[a]! >= depths[b]!) {
        lists[a]!.push(position);
        a = parents[a]!;
      } else {
        lists[b]!.push(position);
        b = parents[b]!;
      }
    }
    current = label;
  };
  for (let x = 0; x < size.width; x++) {
    const start = (x + 1) * stride + 1;
    for (let y = 0; y < size.height; y++) {
      if (labels[start + y] !== current) change(labels[start + y]!, x * size.height + y);
    }
  }
  const total = size.width * size.height;
  change(UNCOVERED, total);
  return lists.map((toggles) => ({ size, lengths: lengthsOf(toggles, total) }));
}

/** By label: how many masks it lies in; −1 for what no mask covers. */
export function depthsOf(parents: Uint16Array, count: number): Int32Array {
  const depths = new Int32Array(count + 1);
  depths[UNCOVERED] = -1;
  for (let label = 1; label <= count; label++) depths[label] = depths[parents[label]!]! + 1;
  return depths;
}

function lengthsOf(toggles: readonly number[], total: number): Uint32Array {
  const ends = toggles.at(-1) === total ? toggles : [...toggles, total];
  return Uint32Array.from(ends, (end, k) => end - (k > 0 ? ends[k - 1]! : 0));
}
