/** The whole window: header, image, panels. */
import { useEffect, useState } from 'preact/hooks';
import { announcementFor } from './announce.js';
import type { Commands } from './commands.js';
import type { Connection } from './connection.js';
import { useFiles } from './files.js';
import type { Host } from './host.js';
import { Candidates } from './panels/candidates.js';
import { ConnectionPanel } from './panels/connection-panel.js';
import { DeliveryBar } from './panels/delivery-bar.js';
import { EmptyState } from './panels/empty-state.js';
import { Fidelity } from './panels/fidelity.js';
import { Header } from './panels/header.js';
import { LatestFailure } from './panels/latest-failure.js';
import { Notice } from './panels/notice.js';
import { ProgressLine } from './panels/progress-line.js';
import { Tools } from './panels/tools.js';
import { PromptCanvas } from './prompt-canvas.js';
import { ResizeHandle } from './resize-handle.js';
import type { State } from './state.js';
import type { Store } from './store.js';
import { strings } from './strings.js';

export interface AppProps {
  readonly store: Store;
  readonly host: Host;
  readonly commands: Commands;
  readonly connection: Omit<Connection, 'dispose'>;
}

export function App({ store, host, commands, connection }: AppProps) {
  const [state, setState] = useState(store.state);
  const [spoken, announce] = useState('');
  const files = useFiles(host);
  useEffect(() => {
    setState(store.state);
    const subscription = store.subscribe((next, previous) => {
      setState(next);
      const sentence = announcementFor(next, previous);
      if (sentence !== undefined) announce(sentence);
    });
    return () => subscription.dispose();
  }, [store]);

  return (
    <main class="app" data-host={host.kind} data-dropping={files.isDropping} {...files.dropTarget}>
      <Header state={state} connection={connection} onChoose={host.openFile && files.choose} />
      <ProgressLine work={state.work} isOpening={state.source.kind === 'opening'} />
      <div class="body">
        {state.source.kind === 'image' ? (
          <PromptCanvas
            state={state}
            image={state.source.image}
            commands={commands}
            ownsPage={host.kind === 'workbench'}
            announce={announce}
          />
        ) : (
          <EmptyState source={state.source} host={host} commands={commands} onChoose={files.choose} />
        )}
        <Panel state={state} host={host} commands={commands} connection={connection} />
      </div>
      {files.input}
      {host.resize && <ResizeHandle onResize={(size) => host.resize?.(size)} />}
      <p class="spoken" role="status" aria-live="polite">
        {spoken}
      </p>
    </main>
  );
}

interface PanelProps extends Omit<AppProps, 'store'> {
  readonly state: State;
}

/** Below the image, or beside it where there is room. */
function Panel({ state, host, commands, connection }: PanelProps) {
  const { link } = state;
  const isWorking = state.source.kind === 'image' && (link.kind === 'online' || state.answer !== undefined);
  const offline = <ConnectionPanel link={link} connection={connection} />;
  const failure = <LatestFailure state={state} commands={commands} />;
  if (!isWorking) {
    return link.kind === 'online' ? null : (
      <section class="panel">
        <div class="panel-content">
          {offline}
          {failure}
        </div>
      </section>
    );
  }
  return (
    <section class="panel">
      <div class="panel-content">
        {link.kind === 'searching' ? <Notice message={strings.link.lost} /> : offline}
        <Tools state={state} commands={commands} />
        {failure}
        <Candidates state={state} commands={commands} />
        <Fidelity state={state} commands={commands} />
      </div>
      <DeliveryBar state={state} host={host} commands={commands} />
      {state.delivery.kind === 'done' && (
        <p class="done" key={state.delivery.message}>
          {state.delivery.message}
        </p>
      )}
    </section>
  );
}
