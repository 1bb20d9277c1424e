/** Brings back what made the selected layer, so that it can be changed. */
import { asFailure } from './failure.js';
import type { Host } from './host.js';
import { imageOf } from './situation.js';
import type { Store } from './store.js';

/** Does nothing where no layer is selected, or another image was opened meanwhile. */
export async function openSelectedLayer(store: Store, host: Host): Promise<void> {
  const image = imageOf(store.state);
  const { selectedLayer } = store.state;
  if (!image || !selectedLayer || !host.openLayer) return;
  try {
    const opened = await host.openLayer(image, selectedLayer);
    if (imageOf(store.state) === image) store.dispatch({ type: 'layerOpened', opened });
  } catch (error) {
    store.dispatch({ type: 'deliveryChanged', delivery: { kind: 'failed', failure: asFailure(error) } });
  }
}
