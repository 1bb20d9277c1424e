/** A slim line under the header while something takes longer than a blink. */
import type { Work } from '../situation.js';
import { strings } from '../strings.js';

interface ProgressLineProps {
  readonly work: Work;
  readonly isOpening: boolean;
}

export function ProgressLine({ work, isOpening }: ProgressLineProps) {
  if (work.kind === 'preparing' && work.fraction > 0) {
    const percent = Math.round(work.fraction * 100);
    return (
      <div
        class="progress"
        role="progressbar"
        aria-label={strings.canvas.preparing}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
    );
  }
  const isBusy = isOpening || work.kind === 'preparing' || work.kind === 'predicting';
  return (
    <div class="progress" data-busy={isBusy}>
      {isBusy && <div />}
    </div>
  );
}
