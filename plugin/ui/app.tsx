/** The whole window: header, image, panels. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announcementFor } from './announce.js';
import { showsBatch } from './batch/shows-batch.js';
import type { Commands } from './commands.js';
import type { Connection } from './connection.js';
import { useFiles } from './files.js';
import type { Host } from './host.js';
import { keepFocus } from './keep-focus.js';
import { BatchPanel } from './panels/batch-panel.js';
import { EmptyState } from './panels/empty-state.js';
import { Header } from './panels/header.js';
import { Panel } from './panels/panel.js';
import { switchPanes } from './panes.js';
import { ProgressLine } from './panels/progress-line.js';
import { PromptCanvas } from './prompt-canvas.js';
import { ResizeHandle } from './resize-handle.js';
import type { Store } from './store.js';

export interface AppProps {
  readonly store: Store;
  readonly host: Host;
  readonly commands: Commands;
  readonly connection: Omit<Connection, 'dispose'>;
}

export function App({ store, host, commands, connection }: AppProps) {
  const [state, setState] = useState(store.state);
  const frame = useRef<HTMLElement>(null);
  const [spoken, setSpoken] = useState('');
  const announce = (sentence: string) => setSpoken((before) => spokenAnew(sentence, before));
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
  useEffect(() => {
    const keeping = keepFocus(frame.current!);
    const switching = switchPanes(frame.current!);
    return () => {
      keeping.dispose();
      switching.dispose();
    };
  }, []);

  return (
    <main
      ref={frame}
      class="app"
      data-host={host.kind}
      data-dropping={files.isDropping}
      {...files.dropTarget}
    >
      <Header
        state={state}
        connection={connection}
        onChoose={host.openFile && files.choose}
        onLanguage={(language) => commands.dispatch({ type: 'languageChosen', language })}
      />
      <ProgressLine work={state.work} isOpening={state.source.kind === 'opening'} />
      <div class="body">
        {showsBatch(state) ? (
          <BatchPanel state={state} commands={commands} connection={connection} />
        ) : (
          <>
            {state.source.kind === 'image' ? (
              <PromptCanvas
                state={state}
                image={state.source.image}
                commands={commands}
                ownsPage={host.kind === 'workbench'}
                announce={announce}
              />
            ) : (
              <EmptyState
                source={state.source}
                wanted={state.batch.wanted}
                host={host}
                commands={commands}
                onChoose={files.choose}
              />
            )}
            <Panel state={state} host={host} commands={commands} connection={connection} />
          </>
        )}
      </div>
      {files.input}
      {host.resize && <ResizeHandle onResize={(size) => host.resize?.(size)} />}
      <p class="spoken" role="status" aria-live="polite">
        {spoken}
      </p>
    </main>
  );
}

/** A live region that stays as it is says nothing: what is said twice running differs by a space that is not heard. */
function spokenAnew(sentence: string, before: string): string {
  return sentence === before ? `${sentence}\u00a0` : sentence;
}
