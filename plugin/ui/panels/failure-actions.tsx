/** The next steps after a failure: again, or take the last mark back. */
import { Button } from '@create-figma-plugin/ui';
import { strings } from '../strings.js';

interface FailureActionsProps {
  onRetry(): void;
  readonly onUndo: (() => void) | undefined;
}

export function FailureActions({ onRetry, onUndo }: FailureActionsProps) {
  return (
    <>
      <Button onClick={onRetry}>{strings.link.retry}</Button>
      {onUndo && (
        <Button secondary onClick={onUndo}>
          {strings.failure.undo}
        </Button>
      )}
    </>
  );
}
