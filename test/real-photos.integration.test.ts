import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasData } from './support/data-folder.js';
import { PhotoCutter } from './support/photo-cutter.js';

describe.skipIf(!hasData('photos'))('on real photographs', () => {
  let photos: PhotoCutter;
  beforeAll(async () => {
    photos = await PhotoCutter.create();
  });
  afterAll(() => photos?.dispose());

  it('cuts one truck out of its box, wheels included, without specks', async () => {
    const { candidate, covers } = await photos.cut('truck.jpg', '--box', '75,275,1725,850');
    expect(candidate.outline.rings).toBe(1);
    expect(candidate.outline.nodes).toBeLessThan(100);
    for (const [x, y] of [
      [565, 745],
      [1525, 670],
      [900, 500],
    ] as const) {
      expect(covers(x, y)).toBe(true);
    }
    expect(covers(900, 250)).toBe(false);
    expect(covers(900, 900)).toBe(false);
  });

  it('takes a click on a window for the window, not for the street', async () => {
    const { candidate, image } = await photos.cut('truck.jpg', '--point', '500,375');
    expect(candidate.area / (image.width * image.height)).toBeLessThan(0.05);
  });

  // With the slow tests, each of the others.
  it.each(['truck.jpg', 'dog.jpg'])(
    'answers a click in the middle of %s within the tolerance it reports',
    (photo) => photos.expectMiddleFound(photo),
  );
});
