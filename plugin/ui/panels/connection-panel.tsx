/** Shown while there is no sidecar to ask: why, and what to do about it. */
import { copyText } from '../clipboard.js';
import type { Connection } from '../connection.js';
import type { Link, OfflineCause } from '../situation.js';
import { START_COMMAND, strings } from '../strings.js';
import { Button } from './button.js';
import { FailureNotice, Notice } from './notice.js';
import { PairingForm } from './pairing-form.js';
import { useCopied } from './use-copied.js';

interface ConnectionPanelProps {
  readonly link: Link;
  readonly connection: Pick<Connection, 'submitCode' | 'renewCode' | 'retryNow'>;
}

export function ConnectionPanel({ link, connection }: ConnectionPanelProps) {
  switch (link.kind) {
    case 'online':
      return null;
    case 'searching':
      return <Notice message={strings.link.searching} />;
    case 'pairing':
      return <PairingForm link={link} connection={connection} />;
    case 'refused':
      return (
        <FailureNotice failure={link.failure}>
          <Button onClick={() => connection.retryNow()}>{strings.link.retry}</Button>
        </FailureNotice>
      );
    case 'offline':
      return <Offline cause={link.cause} onRetry={() => connection.retryNow()} />;
  }
}

function Offline({ cause, onRetry }: { readonly cause: OfflineCause; onRetry(): void }) {
  return (
    <Notice message={strings.link.offline[cause]} hint={strings.link.offlineHint[cause]}>
      {cause === 'notRunning' && <CopyCommand />}
      {cause !== 'safari' && (
        <Button secondary onClick={onRetry}>
          {strings.link.retry}
        </Button>
      )}
    </Notice>
  );
}

function CopyCommand() {
  const { copied, show } = useCopied();
  return (
    <>
      <code class="command">{START_COMMAND}</code>
      <Button onClick={() => void copyText(START_COMMAND).then(show)}>
        {copied ? strings.link.copied : strings.link.copyCommand}
      </Button>
    </>
  );
}
