/** Puts everything together in a page; the two entry points differ only in their host. */
import '@create-figma-plugin/ui/css/base.css';
import './theme.css';
import './app.css';
import './everything/everything.css';
import './batch/batch.css';
import { render } from 'preact';
import { App } from './app.js';
import { createCommands } from './commands.js';
import { keepConnected } from './connection.js';
import { Controller } from './controller.js';
import { decodePixels } from './decode-pixels.js';
import { queryLoopbackPermission } from './discovery.js';
import type { Host } from './host.js';
import { createViewId, hashBytes } from './identity.js';
import { keepLanguage } from './language.js';
import { dialSidecar } from './socket-client.js';
import { INITIAL_STATE } from './state.js';
import { Store } from './store.js';
import { wait } from './wait.js';

/** Clicks that refine one object follow each other faster than this. */
const REFINE_AFTER_MS = 400;

/** Shows the interface and starts looking for images and for the sidecar. */
export function startApp(host: Host, root: Element): void {
  const store = new Store(INITIAL_STATE);
  const controller = new Controller({
    store,
    host,
    decodePixels,
    hashBytes,
    view: createViewId(),
    beforeRefining: (signal) => wait(REFINE_AFTER_MS, signal),
    now: () => performance.now(),
    wait,
  });
  const connection = keepConnected(
    {
      host,
      clientVersion: __VERSION__,
      fetch: (url, init) => fetch(url, init),
      userAgent: navigator.userAgent,
      loopbackPermission: queryLoopbackPermission,
      dial: dialSidecar,
      wait,
    },
    (link, sidecar) => controller.linkChanged(link, sidecar),
  );
  const commands = createCommands(store, controller, host);
  keepLanguage(store, host, { languages: navigator.languages, document });
  void controller.restoreSettings();
  host.onOffer((offer) => void controller.offer(offer));
  render(<App store={store} host={host} commands={commands} connection={connection} />, root);
}
