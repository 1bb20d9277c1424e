/** As gallery.integration.test.ts, for a large window, whose pictures take longer. They are kept at half its size. */
import { guardPictures } from './gallery/guard.js';

guardPictures({ name: 'large', width: 1280, height: 800, scale: 0.5 });
