/** Shown while no image is open: what to do to open one. */
import type { Commands } from '../commands.js';
import type { QuickAction } from '../../selection.js';
import { IconImage } from '../icons.js';
import type { Host } from '../host.js';
import type { Source } from '../situation.js';
import { strings } from '../strings.js';
import { Button } from './button.js';
import { FailureNotice } from './notice.js';

interface EmptyStateProps {
  readonly source: Exclude<Source, { kind: 'image' }>;
  /** What images are wanted for. */
  readonly wanted: QuickAction | undefined;
  readonly host: Host;
  readonly commands: Commands;
  onChoose(): void;
}

export function EmptyState({ source, wanted, host, commands, onChoose }: EmptyStateProps) {
  const { source: words } = strings;
  if (source.kind === 'opening') return <p class="empty muted">{words.opening(source.name)}</p>;
  return (
    <div class="empty">
      {source.kind === 'unreadable' && (
        <FailureNotice
          failure={source.failure}
          onDismiss={() => commands.dispatch({ type: 'failureDismissed' })}
        />
      )}
      {host.openFile ? (
        <Bring host={host} onChoose={onChoose} />
      ) : (
        <Selection source={source} wanted={wanted} />
      )}
    </div>
  );
}

function Selection({ source, wanted }: Pick<EmptyStateProps, 'source' | 'wanted'>) {
  const [message, hint] =
    wanted && source.kind === 'empty'
      ? [strings.batch.wanted[wanted.name], strings.batch.wantedHint]
      : selectionWords(source);
  return (
    <div class="empty-line">
      <IconImage />
      <p>
        <strong>{message}</strong>
        <br />
        <span class="muted">{hint}</span>
      </p>
    </div>
  );
}

function selectionWords(source: EmptyStateProps['source']): readonly [string, string] {
  const { source: words } = strings;
  switch (source.kind) {
    case 'notImage': {
      const message = source.reason === 'imageMissing' ? words.imageMissing : words.notImage;
      return [message(source.name), words.notImageHint];
    }
    case 'several':
      return [words.severalWithout(source.count), words.noSelectionHint];
    default:
      return [words.noSelection, words.noSelectionHint];
  }
}

function Bring({ host, onChoose }: Pick<EmptyStateProps, 'host' | 'onChoose'>) {
  const { source: words } = strings;
  return (
    <div class="bring">
      <div class="drop-area">
        <IconImage />
        <p>
          <strong>{words.drop}</strong>
          <br />
          <span class="muted">{words.dropHint}</span>
        </p>
        <Button onClick={onChoose}>{words.choose}</Button>
      </div>
      {host.openSample && (
        <button type="button" class="sample" title={words.sampleAction} onClick={() => host.openSample?.()}>
          <img src={host.sampleUrl} alt="" />
          {words.sample}
        </button>
      )}
    </div>
  );
}
