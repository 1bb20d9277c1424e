/** What single layers are called: "Outline 2 of photo.jpg". */
import type { Parent } from './place.js';

/** What the names begin with; each is counted for itself. */
type LayerWord = 'Outline' | 'Cut-out';

/** @param number As of `nextNumber`. */
export function layerName(word: LayerWord, number: number, imageName: string): string {
  return `${word} ${number} of ${imageName}`;
}

/** One above the highest number in use beside the image. */
export function nextNumber(word: LayerWord, { children }: Parent, imageName: string): number {
  const [prefix, suffix] = [`${word} `, ` of ${imageName}`];
  let highest = 0;
  for (const { name } of children) {
    if (!name.startsWith(prefix) || !name.endsWith(suffix)) continue;
    const number = Number(name.slice(prefix.length, -suffix.length));
    if (number > highest) highest = number;
  }
  return highest + 1;
}
