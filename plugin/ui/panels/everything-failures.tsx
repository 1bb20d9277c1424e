/** What went wrong with finding, inserting or saving, and the next step. */
import type { Commands } from '../commands.js';
import type { Everything } from '../everything/state.js';
import { canRetry } from '../failure.js';
import { strings } from '../strings.js';
import { Button } from './button.js';
import { FailureNotice } from './notice.js';

interface EverythingFailuresProps {
  readonly everything: Everything;
  readonly commands: Commands;
}

/** One at a time: a failed delivery is newer than the failed run that it was tried in spite of. */
export function EverythingFailures({ everything: { run, delivery }, commands }: EverythingFailuresProps) {
  const dismiss = () => commands.everything.change({ type: 'dismissed' });
  if (delivery.kind === 'failed') {
    return (
      <FailureNotice failure={delivery.failure} onDismiss={dismiss}>
        {canRetry(delivery.failure) && (
          <Button onClick={() => commands.everything.deliver()}>{strings.link.retry}</Button>
        )}
      </FailureNotice>
    );
  }
  if (run.kind !== 'failed') return null;
  // Where a run broke off is no use any more once the sidecar has refused to go on there.
  const resumes = run.failure.code !== 'RESUME_INVALID';
  return (
    <FailureNotice failure={run.failure} onDismiss={dismiss}>
      {canRetry(run.failure) && (
        <Button onClick={() => commands.everything.find(resumes)}>
          {resumes ? strings.link.retry : strings.everything.again}
        </Button>
      )}
    </FailureNotice>
  );
}
