/** Several images at once: what they are, what to do with each, and how far that is. */
import { Button } from '@create-figma-plugin/ui';
import { selectedList } from '../batch/shows-batch.js';
import type { Commands } from '../commands.js';
import type { Connection } from '../connection.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { BatchChoices } from './batch-choices.js';
import { BatchList } from './batch-list.js';
import { BatchStatus } from './batch-status.js';
import { ConnectionPanel } from './connection-panel.js';

interface BatchPanelProps {
  readonly state: State;
  readonly commands: Commands;
  readonly connection: Omit<Connection, 'dispose'>;
}

export function BatchPanel({ state, commands, connection }: BatchPanelProps) {
  const { batch, link } = state;
  const selected = selectedList(state);
  return (
    <>
      <BatchList state={state} commands={commands} />
      <section class="panel">
        <div class="panel-content">
          <ConnectionPanel link={link} connection={connection} />
          {!batch.run && selected && <BatchChoices state={state} selected={selected} commands={commands} />}
        </div>
        {batch.run && <BatchStatus run={batch.run} isOnline={link.kind === 'online'} commands={commands} />}
      </section>
    </>
  );
}

/** Several images are selected while something is marked on one: nothing is lost until it is asked for. */
export function HeldSeveral({ state, commands }: Pick<BatchPanelProps, 'state' | 'commands'>) {
  const { heldSource } = state;
  if (heldSource?.kind !== 'several' || heldSource.images.length + heldSource.layers.length === 0)
    return null;
  return (
    <div class="notice">
      <p>
        <strong>{strings.batch.held(heldSource.count)}</strong>
      </p>
      <div class="notice-actions">
        <Button secondary onClick={() => commands.dispatch({ type: 'sourceReleased' })}>
          {strings.batch.work}
        </Button>
      </div>
    </div>
  );
}
