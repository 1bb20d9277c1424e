/**
 * Shows any scene in a page, without a sidecar: `showScene(name)`. At the address `#flat` the image is one that takes
 * little room in pictures.
 */
import '@create-figma-plugin/ui/css/base.css';
import '../../../../plugin/ui/theme.css';
import '../../../../plugin/ui/app.css';
import '../../../../plugin/ui/everything/everything.css';
import '../../../../plugin/ui/batch/batch.css';
import { render } from 'preact';
import { decodeBase64 } from '../../../../protocol/base64.js';
import { App } from '../../../../plugin/ui/app.js';
import type { Commands } from '../../../../plugin/ui/commands.js';
import { FIGMA_DELIVERIES } from '../../../../plugin/ui/figma-settings.js';
import type { Host } from '../../../../plugin/ui/host.js';
import { decodePixels } from '../../../../plugin/ui/decode-pixels.js';
import { DEFAULT_LIMITS } from '../../../../plugin/ui/image-file.js';
import { german } from '../../../../plugin/ui/german.js';
import { Store } from '../../../../plugin/ui/store.js';
import { english, speak } from '../../../../plugin/ui/strings.js';
import sampleUrl from '../../../../plugin/workbench/sample.png?inline';
import { WORKBENCH_DELIVERIES } from '../../../../plugin/workbench/workbench-host.js';
import { paintFlatImage } from './flat-image.js';
import { makeScenes } from './scenes.js';

const nothing = () => undefined;
const disposable = { dispose: nothing };

function hostOf(kind: Host['kind']): Host {
  const common = {
    kind,
    clientName: 'Gallery',
    settings: { load: () => Promise.resolve({}), save: nothing },
    onOffer: () => disposable,
    deliver: () => Promise.resolve(''),
    close: nothing,
  };
  const insertTree = () => Promise.resolve('');
  if (kind === 'figma') return { ...common, deliveries: FIGMA_DELIVERIES, resize: nothing, insertTree };
  const deliveries = WORKBENCH_DELIVERIES;
  return { ...common, deliveries, openFile: nothing, openSample: nothing, sampleUrl, saveTree: insertTree };
}

function commandsOf(store: Store): Commands {
  return {
    dispatch: (action) => store.dispatch(action),
    addPrompt: (prompt) => store.dispatch({ type: 'promptAdded', prompt }),
    flip: nothing,
    remove: nothing,
    pick: nothing,
    cycle: () => false,
    escape: nothing,
    chooseObject: nothing,
    addObject: nothing,
    merge: nothing,
    split: nothing,
    openLayer: nothing,
    deliver: nothing,
    finish: nothing,
    cutOut: nothing,
    setLive: nothing,
    retry: nothing,
    everything: {
      change: (change) => store.dispatch({ type: 'everything', change }),
      find: nothing,
      stop: nothing,
      deliver: nothing,
      stopDelivery: nothing,
      pointAt: nothing,
      pointAtObject: nothing,
      takeAt: () => false,
      take: nothing,
      hoveredName: () => undefined,
    },
    batch: {
      change: (change) => store.dispatch({ type: 'batch', change }),
      start: nothing,
      stop: nothing,
      resume: nothing,
      close: nothing,
      select: nothing,
    },
  };
}

async function start(): Promise<void> {
  const bytes =
    location.hash === '#flat'
      ? await paintFlatImage()
      : decodeBase64(sampleUrl.slice(sampleUrl.indexOf(',') + 1));
  const pixels = await decodePixels(bytes, DEFAULT_LIMITS, new AbortController());
  const scenes = makeScenes({
    key: 'sample',
    name: 'sample.png',
    bytes,
    pixels,
    width: pixels.width,
    height: pixels.height,
  });
  const connection = { submitCode: nothing, renewCode: nothing, retryNow: nothing, forget: nothing };
  const showScene = (name: string) => {
    const { host, state, click, alsoClick } = scenes[name]!;
    const store = new Store(state);
    render(null, document.body);
    render(
      <App store={store} host={hostOf(host)} commands={commandsOf(store)} connection={connection} />,
      document.body,
    );
    if (click !== undefined) document.querySelector<HTMLElement>(click)!.click();
    // What opened is rendered a moment later.
    if (alsoClick !== undefined) setTimeout(() => document.querySelector<HTMLElement>(alsoClick)!.click());
  };
  const speakIn = (language: 'en' | 'de') => speak(language === 'de' ? german : english);
  Object.assign(window, { showScene, speakIn, sceneNames: Object.keys(scenes) });
}

void start();
