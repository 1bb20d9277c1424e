/** Smooth ↔ Precise: how far the outline may stray from the edge that was found. */
import { RangeSlider } from '@create-figma-plugin/ui';
import type { Commands } from '../commands.js';
import { toleranceOf } from '../question.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { sliderFromToleranceFactor, toleranceFactorFromSlider } from '../tolerance.js';

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
    <div class="fidelity">
      <span aria-hidden="true">{outline.smooth}</span>
      <RangeSlider
        minimum={0}
        maximum={100}
        increment={1}
        value={String(sliderFromToleranceFactor(state.toleranceFactor))}
        aria-label={outline.fidelity}
        aria-valuetext={outline.fidelityValue(tolerancePx)}
        title={outline.fidelityValue(tolerancePx)}
        onPointerDown={() => commands.setLive(true)}
        onPointerUp={() => commands.setLive(false)}
        onPointerCancel={() => commands.setLive(false)}
        onNumericValueInput={(value) =>
          value !== null &&
          commands.dispatch({ type: 'toleranceChanged', factor: toleranceFactorFromSlider(value) })
        }
      />
      <span aria-hidden="true">{outline.precise}</span>
    </div>
  );
}
