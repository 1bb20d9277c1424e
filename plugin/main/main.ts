/** The plugin's half in Figma's sandbox: opens the window, answers it, and tells it what is selected. */
import type { MainMessage } from '../bridge.js';
import { readLaunch, suggestValues } from './commands.js';
import type { Launch } from './commands.js';
import { openLayer, updateOutline } from './edit-layer.js';
import { exportPixels } from './export-node.js';
import { readFileChoices } from './file-choices.js';
import { openImageNode } from './image-node.js';
import { listLayers } from './list-layers.js';
import { Notices } from './notices.js';
import { selectNodes } from './page.js';
import { insertImage } from './place-image.js';
import { insertOutlines } from './place-layer.js';
import { insertTree } from './place-tree.js';
import { RequestRouter } from './requests.js';
import type { Handlers } from './requests.js';
import { SelectionWatcher } from './selection.js';
import { separateObject } from './separate-object.js';
import { clampWindow, SettingsStore } from './settings.js';

async function start(launch: Launch): Promise<void> {
  const settings = await SettingsStore.load();
  const post = (message: MainMessage): void => figma.ui.postMessage(message);
  const watcher = new SelectionWatcher((selection) => post({ type: 'selection', selection }));
  const router = new RequestRouter(createHandlers(settings, watcher, launch), post);
  const visible = launch.quick === undefined;
  figma.showUI(__html__, { themeColors: true, title: 'Cutline', visible, ...settings.window });
  figma.ui.on('message', (message) => {
    router.receive(message).catch((error: unknown) => console.error(error));
  });
  figma.on('selectionchange', () => watcher.push());
  figma.on('currentpagechange', () => watcher.push());
}

function createHandlers(settings: SettingsStore, watcher: SelectionWatcher, launch: Launch): Handlers {
  const notices = new Notices();
  return {
    'ui-ready': async () => ({
      selection: await watcher.start(),
      settings: settings.settings,
      choices: readFileChoices(),
      ...launch,
    }),
    'read-image': async ({ nodeId, maxBytes }, context) => {
      const imageNode = await openImageNode(nodeId);
      context.throwIfCancelled();
      const pixels = await exportPixels(imageNode, maxBytes);
      context.throwIfCancelled();
      return pixels;
    },
    'insert-outlines': (params, context) =>
      // Figma tells of no change to a node that stays selected: a refusal for one is the moment to look.
      insertOutlines(params, context).finally(() => watcher.push()),
    'insert-image': (params, context) => insertImage(params, context).finally(() => watcher.push()),
    'separate-object': (params, context) => separateObject(params, context).finally(() => watcher.push()),
    'insert-tree': (params, context) => insertTree(params, context).finally(() => watcher.push()),
    'list-layers': listLayers,
    'open-layer': openLayer,
    'update-outline': (params, context) => updateOutline(params, context).finally(() => watcher.push()),
    'set-settings': (patch) => settings.patch(patch),
    'resize-window': (size) => {
      const { width, height } = clampWindow(size);
      figma.ui.resize(width, height);
      return settings.rememberWindow({ width, height });
    },
    'select-nodes': selectNodes,
    'show-window': () => {
      figma.ui.show();
      return null;
    },
    notify: (params) => notices.show(params),
    close: () => {
      figma.closePlugin();
      // There is no window left to answer.
      return new Promise(() => undefined);
    },
  };
}

figma.parameters.on('input', suggestValues);
// Nothing may be shown while parameters are still asked for.
figma.on('run', (event) => {
  start(readLaunch(event as RunParametersEvent)).catch((error: unknown) => {
    console.error(error);
    figma.closePlugin('Figma did not let Cutline open its window: run it again.');
  });
});
