/** A slim line under the header while something takes longer than a blink. */
import type { Work } from '../situation.js';
import { strings } from '../strings.js';

interface ProgressLineProps {
  readonly work: Work;
  readonly isOpening: boolean;
}

export function ProgressLine({ work, isOpening }: ProgressLineProps) {
  if (work.kind === 'preparing') {
    return <ProgressBar label={strings.canvas.preparing} fraction={work.fraction} />;
  }
  return <Activity isBusy={isOpening || work.kind === 'predicting'} />;
}

interface ProgressBarProps {
  readonly label: string;
  /** In [0, 1]; as long as it is 0, nobody knows how long it takes. */
  readonly fraction: number;
}

export function ProgressBar({ label, fraction }: ProgressBarProps) {
  if (fraction === 0) return <Activity isBusy />;
  const percent = Math.round(fraction * 100);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}

function Activity({ isBusy }: { readonly isBusy: boolean }) {
  return (
    <div class="progress" data-busy={isBusy}>
      {isBusy && <div />}
    </div>
  );
}
