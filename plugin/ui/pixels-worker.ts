/** Decodes one image file beside the main thread: takes a Blob, posts `DecodeReply`. */
import { decodeLevels } from './pixels.js';

/** The levels of the image; undefined when the browser cannot decode it. */
export type DecodeReply = readonly ImageBitmap[] | undefined;

addEventListener('message', ({ data }: MessageEvent<Blob>) => {
  void decodeLevels(data).then(
    (levels) => postMessage(levels, { transfer: levels }),
    () => postMessage(undefined),
  );
});
