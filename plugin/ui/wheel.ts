/** Tells what a wheel event means: a trackpad pans as in Figma, a mouse's wheel zooms, as does a pinch. */

export type WheelMeaning =
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'cycle'; readonly step: 1 | -1 }
  | { readonly kind: 'nothing' };

export type WheelInput = Pick<
  WheelEvent,
  'deltaX' | 'deltaY' | 'deltaMode' | 'altKey' | 'ctrlKey' | 'metaKey' | 'timeStamp'
>;

/** Events closer together than this are one turn of the wheel, and mean the same throughout. */
const BURST_MS = 200;
/** A notch of a mouse's wheel moves at least this far at once; a trackpad starts gently. */
const NOTCH = 50;
/** One notch zooms by this much, however far browser and system let it scroll. */
const NOTCH_ZOOM = 1.2;
/** e-folds of zoom for each pixel of a smooth wheel, and of a pinch, whose deltas are much smaller. */
const WHEEL_ZOOM = 0.002;
const PINCH_ZOOM = 0.01;
const LINE_HEIGHT = 16;

export class WheelReader {
  private lastTime = -Infinity;
  private burst: 'pan' | 'zoom' | 'cycle' = 'pan';

  read(event: WheelInput): WheelMeaning {
    const unit = event.deltaMode === 1 ? LINE_HEIGHT : 1;
    const dx = event.deltaX * unit;
    const dy = event.deltaY * unit;
    const starts = event.timeStamp - this.lastTime > BURST_MS;
    this.lastTime = event.timeStamp;
    const notch = isNotch(event.deltaMode, dx, dy);
    if (event.ctrlKey || event.metaKey) return zoomBy(dy, notch, PINCH_ZOOM);
    if (event.altKey) return this.readCycle(dx + dy, starts);
    if (starts) this.burst = notch ? 'zoom' : 'pan';
    if (this.burst === 'zoom') return zoomBy(dy, notch, WHEEL_ZOOM);
    return { kind: 'pan', dx: -dx, dy: -dy };
  }

  /** One step a burst, or a trackpad would race through all candidates. */
  private readCycle(delta: number, starts: boolean): WheelMeaning {
    const steps = starts || this.burst !== 'cycle' || Math.abs(delta) >= NOTCH;
    this.burst = 'cycle';
    return steps && delta !== 0 ? { kind: 'cycle', step: delta > 0 ? 1 : -1 } : { kind: 'nothing' };
  }
}

function zoomBy(dy: number, notch: boolean, rate: number): WheelMeaning {
  return { kind: 'zoom', factor: notch ? NOTCH_ZOOM ** -Math.sign(dy) : Math.exp(-dy * rate) };
}

/** Fingers leave fractions behind, and nothing of theirs is this far at once. */
function isNotch(deltaMode: number, dx: number, dy: number): boolean {
  return deltaMode === 1 || (dx === 0 && Math.abs(dy) >= NOTCH && Number.isInteger(dy));
}
