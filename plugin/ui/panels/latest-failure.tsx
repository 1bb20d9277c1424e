/** What went wrong last, and the next steps: again, take the last mark back, or put it away. */
import type { Commands } from '../commands.js';
import { canRetry } from '../failure.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Button } from './button.js';
import { FailureNotice } from './notice.js';

interface FailuresProps {
  readonly state: State;
  readonly commands: Commands;
}

/** One at a time: a failed delivery is newer than the failed work that it was tried in spite of. */
export function LatestFailure({ state, commands }: FailuresProps) {
  const { delivery, work } = state;
  const dismiss = () => commands.dispatch({ type: 'failureDismissed' });
  if (delivery.kind === 'failed') {
    const { failure, offer } = delivery;
    return (
      <FailureNotice failure={failure} onDismiss={dismiss}>
        {offer && <Button onClick={() => commands.deliver(offer)}>{strings.deliver[offer]}</Button>}
      </FailureNotice>
    );
  }
  if (work.kind !== 'failed' || work.isDismissed) return null;
  const { failure } = work;
  return (
    <FailureNotice failure={failure} onDismiss={dismiss}>
      {canRetry(failure) && <Actions state={state} commands={commands} />}
    </FailureNotice>
  );
}

/** A failed question can be taken back; a failed preparation has nothing to take back. */
function Actions({ state, commands }: FailuresProps) {
  return (
    <>
      <Button onClick={() => commands.retry()}>{strings.link.retry}</Button>
      {state.log.past.length > 0 && (
        <Button secondary onClick={() => commands.dispatch({ type: 'undone' })}>
          {strings.failure.undo}
        </Button>
      )}
    </>
  );
}
