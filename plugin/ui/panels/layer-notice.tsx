/** Which layer is selected and can be changed, or is being changed. */
import type { Commands } from '../commands.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

interface LayerNoticeProps {
  readonly state: State;
  readonly commands: Commands;
}

export function LayerNotice({ state, commands }: LayerNoticeProps) {
  const { layer } = strings;
  const { selectedLayer, selectedLayers, openLayer, log } = state;
  if (openLayer) {
    return (
      <Notice message={layer.opened(openLayer.name)}>
        <Button secondary onClick={() => commands.dispatch({ type: 'layerClosed' })}>
          {layer.close}
        </Button>
      </Notice>
    );
  }
  if (selectedLayers.length > 0 && log.prompts.length === 0) {
    return (
      <Notice message={layer.selectedSeveral(selectedLayers.length)}>
        <Button
          secondary
          onClick={() => commands.batch.start('again', { images: [], layers: selectedLayers })}
        >
          {layer.findAgain}
        </Button>
      </Notice>
    );
  }
  // What is marked would be lost from sight, and a layer just inserted is selected too.
  return selectedLayer && log.prompts.length === 0 ? (
    <Notice message={layer.selected(selectedLayer.name)}>
      <Button secondary onClick={() => commands.openLayer()}>
        {layer.open}
      </Button>
    </Notice>
  ) : null;
}
