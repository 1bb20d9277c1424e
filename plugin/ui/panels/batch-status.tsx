/** How far a run is, what became of it, and what can be done about that. */
import { Button } from '@create-figma-plugin/ui';
import { fractionOf, tallyOf } from '../batch/state.js';
import type { BatchRun } from '../batch/state.js';
import type { Commands } from '../commands.js';
import { strings } from '../strings.js';

interface BatchStatusProps {
  readonly run: BatchRun;
  readonly isOnline: boolean;
  readonly commands: Commands;
}

const words = strings.batch;

export function BatchStatus(props: BatchStatusProps) {
  return props.run.kind === 'running' ? <Running {...props} /> : <Over {...props} />;
}

function Running({ run, commands }: BatchStatusProps) {
  const { done, failed, all } = tallyOf(run);
  const counted = words.running(done + failed, all);
  return (
    <div class="delivery inserting">
      <div class="inserting-words">
        <p>
          <strong>{counted}</strong>
          {run.remainingMs !== undefined && <span class="muted"> · {words.left(run.remainingMs)}</span>}
        </p>
        <progress aria-label={words.progress} max={1} value={fractionOf(run)} />
      </div>
      <Button secondary onClick={commands.batch.stop}>
        {words.stop}
      </Button>
    </div>
  );
}

function Over({ run, isOnline, commands }: BatchStatusProps) {
  const { done, failed, waiting, all, layers } = tallyOf(run);
  const canGoOn = waiting > 0;
  return (
    <div class="batch-over">
      <p>
        <strong>{done === 0 ? words.noneOver : words.over(done, all, layers)}</strong>{' '}
        {run.kind !== 'finished' && (
          <span class="muted">{run.kind === 'lost' ? words.lost : words.stopped}</span>
        )}
      </p>
      <div class="batch-actions">
        {canGoOn && (
          <Button disabled={!isOnline} onClick={() => commands.batch.resume(false)}>
            {words.goOn}
          </Button>
        )}
        {failed > 0 && (
          <Button secondary={canGoOn} disabled={!isOnline} onClick={() => commands.batch.resume(true)}>
            {words.retry}
          </Button>
        )}
        <Button secondary={canGoOn || failed > 0} onClick={commands.batch.close}>
          {words.close}
        </Button>
      </div>
    </div>
  );
}
