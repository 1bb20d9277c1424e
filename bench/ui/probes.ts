/** What runs inside the measured page. Each function is sent there as text, so it refers to nothing outside itself. */

/** What `watchPage` leaves in the page. */
interface Watch {
  /** Times on the page's clock, in milliseconds since its navigation. */
  paintedMs?: number;
  answeredMs?: number;
  /** Since `reset`. */
  frames: number[];
  moves: number;
  /** Calls of drawImage on the stage. */
  imageDraws: number;
  pointerUpMs: number;
  sentMs: number;
  /** What has come over sockets, when. */
  received: { readonly atMs: number; readonly data: ArrayBuffer }[];
  outlineMs: number;
  reset(): void;
}

export type Watched = Window & { watch: Watch };

/** Installed before the page's own scripts. */
export function watchPage(): void {
  const watch: Watch = {
    frames: [],
    moves: 0,
    imageDraws: 0,
    pointerUpMs: 0,
    sentMs: 0,
    received: [],
    outlineMs: 0,
    reset: () =>
      Object.assign(watch, {
        frames: [],
        moves: 0,
        imageDraws: 0,
        received: [],
        outlineMs: 0,
      }),
  };
  Object.assign(window, { watch });
  const tick = (time: number) => {
    watch.frames.push(time);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  /** Asked for in a frame, it comes when that has been painted. */
  const afterTask = (run: () => void) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = run;
    port2.postMessage(undefined);
  };
  for (const type of ['pointermove', 'wheel'])
    addEventListener(type, () => watch.moves++, { capture: true, passive: true });
  addEventListener('pointerup', () => (watch.pointerUpMs = performance.now()), true);

  const canvas = CanvasRenderingContext2D.prototype;
  const drawImage = canvas.drawImage as (...args: unknown[]) => void;
  canvas.drawImage = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
    if (this.canvas.closest('.stage')) watch.imageDraws++;
    drawImage.apply(this, args);
  } as typeof canvas.drawImage;
  const stroke = canvas.stroke as (...args: unknown[]) => void;
  canvas.stroke = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
    stroke.apply(this, args);
    // Marks are strokes too; only an outline is a path of its own on a canvas that is not the topmost.
    if (!this.canvas.closest('.stage') || this.canvas.matches(':last-of-type')) return;
    if (watch.outlineMs === 0 && watch.received.length > 0) {
      watch.outlineMs = -1;
      afterTask(() => (watch.outlineMs = performance.now()));
    }
  } as typeof canvas.stroke;

  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (this: WebSocket, data) {
    watch.sentMs = performance.now();
    if (!('watched' in this)) {
      Object.assign(this, { watched: true });
      this.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) =>
        watch.received.push({ atMs: performance.now(), data }),
      );
    }
    send.call(this, data);
  };

  /** Looked for in the frame that is going to paint it. */
  const waitFor = (selector: string, then: (element: HTMLElement, paintedMs: number) => void) => {
    const element = document.querySelector<HTMLElement>(selector);
    if (!element) return void requestAnimationFrame(() => waitFor(selector, then));
    afterTask(() => then(element, performance.now()));
  };
  waitFor('.header .popup button', (button, paintedMs) => {
    watch.paintedMs = paintedMs;
    button.click();
    requestAnimationFrame(() =>
      waitFor('.popup-panel', (_panel, answeredMs) => {
        watch.answeredMs = answeredMs;
        button.click();
      }),
    );
  });
}
