import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { DATA_FOLDER, hasData } from './support/data-folder.js';
import { PhotoCutter } from './support/photo-cutter.js';

describe.skipIf(!hasData('photos'))('on every real photograph', () => {
  let photos: PhotoCutter;
  beforeAll(async () => {
    photos = await PhotoCutter.create();
  });
  afterAll(() => photos?.dispose());

  it('answers a click in the middle within the tolerance it reports', async () => {
    for (const photo of await readdir(join(DATA_FOLDER, 'photos'))) await photos.expectMiddleFound(photo);
  });
});
