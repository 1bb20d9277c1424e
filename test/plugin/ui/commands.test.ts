import { expect, it } from 'vitest';
import { createCommands } from '../../../plugin/ui/commands.js';
import type { Host } from '../../../plugin/ui/host.js';
import type { DeliveryKind } from '../../../plugin/ui/delivery.js';
import { createController } from './scripted-sidecar.js';
import { imageNamed, point } from './support.js';

/** An image with one mark on it, at a host with or without something to leave. */
function openImage(leave?: () => void) {
  const { store, controller, host } = createController();
  const there: Host = leave ? { ...host, close: leave } : host;
  store.dispatch({ type: 'sourceChanged', source: { kind: 'image', image: imageNamed('photo.jpg') } });
  store.dispatch({ type: 'promptAdded', prompt: point(1, 1) });
  return { store, commands: createCommands(store, controller, there) };
}

it('clears the marks with Esc and keeps the image in the workbench, however often it is pressed', () => {
  const { store, commands } = openImage();
  for (let times = 0; times < 3; times++) commands.escape();
  expect(store.state.log.prompts).toEqual([]);
  expect(store.state.source.kind).toBe('image');
});

it('clears with Esc and then closes where there is a window to close', () => {
  let closed = 0;
  const { store, commands } = openImage(() => (closed += 1));
  commands.escape();
  expect(store.state.log.prompts).toEqual([]);
  expect(closed).toBe(0);
  commands.escape();
  expect(closed).toBe(1);
});

it.each([
  ['the workbench', ['svg', 'cutout', 'softCutout'], ['cutout']],
  ['Figma', ['insert', 'insertCutout', 'insertImage'], ['insertCutout']],
  ['a host without cut-outs', ['svg'], []],
] as const)('cuts out with whole pixels in %s', (_, deliveries, expected) => {
  const { store, controller, host } = createController();
  const asked: DeliveryKind[] = [];
  controller.deliver = (kind) => void asked.push(kind);
  createCommands(store, controller, { ...host, deliveries }).cutOut();
  expect(asked).toEqual(expected);
});
