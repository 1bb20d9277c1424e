/** Smooth ↔ Precise: how far the outline may stray from the edge that was found. */
import type { Commands } from '../commands.js';
import { toleranceOf } from '../question.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { sliderFromToleranceFactor, toleranceFactorFromSlider } from '../tolerance.js';
import { Slider } from './slider.js';

interface FidelityProps {
  readonly state: State;
  readonly commands: Commands;
  /** Whether it is for outlines that are refined. */
  readonly isRefined?: boolean;
}

export function Fidelity({ state, commands, isRefined = false }: FidelityProps) {
  const { outline } = strings;
  const tolerancePx = toleranceOf(state, isRefined);
  return (
    <Slider
      class="fidelity"
      name={outline.fidelity}
      ends={[outline.smooth, outline.precise]}
      value={sliderFromToleranceFactor(state.toleranceFactor)}
      valueText={outline.fidelityValue(tolerancePx)}
      onChange={(value) =>
        commands.dispatch({ type: 'toleranceChanged', factor: toleranceFactorFromSlider(value) })
      }
      onHold={(isHeld) => commands.setLive(isHeld)}
    />
  );
}
