/** Smooth ↔ Precise: how far the outline may stray from the edge that was found. */
import { RangeSlider } from '@create-figma-plugin/ui';
import type { Commands } from '../commands.js';
import { strings } from '../strings.js';
import { sliderFromTolerance, toleranceFromSlider } from '../tolerance.js';

interface FidelityProps {
  readonly tolerancePx: number;
  readonly commands: Commands;
}

export function Fidelity({ tolerancePx, commands }: FidelityProps) {
  const { outline } = strings;
  return (
    <div class="fidelity">
      <span aria-hidden="true">{outline.smooth}</span>
      <RangeSlider
        minimum={0}
        maximum={100}
        increment={1}
        value={String(sliderFromTolerance(tolerancePx))}
        aria-label={outline.fidelity}
        aria-valuetext={outline.fidelityValue(tolerancePx)}
        title={outline.fidelityValue(tolerancePx)}
        onPointerDown={() => commands.setLive(true)}
        onPointerUp={() => commands.setLive(false)}
        onPointerCancel={() => commands.setLive(false)}
        onNumericValueInput={(value) =>
          value !== null &&
          commands.dispatch({ type: 'toleranceChanged', tolerancePx: toleranceFromSlider(value) })
        }
      />
      <span aria-hidden="true">{outline.precise}</span>
    </div>
  );
}
