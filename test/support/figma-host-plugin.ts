/** The plugin running in the pretended Figma, with a test in place of its window. */
import { BridgeClient } from '../../plugin/bridge.js';
import type { MainMessage, SelectionState } from '../../plugin/bridge.js';
import type { Bundles } from './build-code.js';
import { FigmaHost } from './figma-host.js';
import type { FigmaHostOptions } from './figma-host.js';
import type { HostEvent } from './figma/types.js';

export interface RunningPlugin {
  readonly host: FigmaHost;
  readonly client: BridgeClient;
  /** Everything that came out of the sandbox, oldest first. */
  readonly events: readonly HostEvent[];
  /** Resolves with the next selection that the plugin pushes. */
  nextSelection(): Promise<SelectionState>;
}

/**
 * Opens a pretended Figma, lets the test fill it, and runs the plugin in it.
 *
 * @param prepare Builds the document before the plugin's code runs.
 */
export async function runPlugin(
  bundles: Bundles,
  options: FigmaHostOptions = {},
  prepare: (host: FigmaHost) => void = () => undefined,
): Promise<RunningPlugin> {
  const host = await FigmaHost.create(bundles, options);
  prepare(host);
  const client = new BridgeClient((message) => host.post(message));
  const events: HostEvent[] = [];
  const awaiting: ((selection: SelectionState) => void)[] = [];
  host.onEvent((event) => {
    events.push(event);
    if (event.type !== 'message') return;
    const selection = client.receive(event.message as MainMessage);
    if (selection) awaiting.splice(0).forEach((resolve) => resolve(selection));
  });
  host.run();
  return { host, client, events, nextSelection: () => new Promise((resolve) => awaiting.push(resolve)) };
}
