/** Every state of the interface beside the picture that is kept of it, in the smallest window and in a large one. */
import { guardPictures, SMALL_WINDOW } from './gallery/guard.js';

guardPictures(SMALL_WINDOW);
// Kept at half its size.
guardPictures({ name: 'large', width: 1280, height: 800, scale: 0.5 });
