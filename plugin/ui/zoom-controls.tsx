/** Zooming for those without a wheel: out, fit, in. */
import { strings } from './strings.js';
import { ZOOM_STEP } from './view.js';

interface ZoomControlsProps {
  readonly scale: number;
  onZoom(factor: number): void;
  onFit(): void;
}

export function ZoomControls({ scale, onZoom, onFit }: ZoomControlsProps) {
  const { zoomIn, zoomOut, fit, zoom } = strings.canvas;
  return (
    <div class="zoom">
      <button type="button" aria-label={zoomOut} title={zoomOut} onClick={() => onZoom(1 / ZOOM_STEP)}>
        −
      </button>
      <button
        type="button"
        class="zoom-fit"
        title={fit}
        aria-label={`${zoom(scale)}. ${fit}`}
        onClick={onFit}
      >
        {zoom(scale)}
      </button>
      <button type="button" aria-label={zoomIn} title={zoomIn} onClick={() => onZoom(ZOOM_STEP)}>
        +
      </button>
    </div>
  );
}
