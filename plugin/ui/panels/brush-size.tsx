/** How large the brush is, on the screen. */
import { RangeSlider } from '@create-figma-plugin/ui';
import type { Commands } from '../commands.js';
import { BRUSH_SIZES } from '../hand-line.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';

interface BrushSizeProps {
  readonly state: State;
  readonly commands: Commands;
}

export function BrushSize({ state: { tool, brushSize }, commands }: BrushSizeProps) {
  const { tools } = strings;
  if (tool !== 'brush') return null;
  return (
    <div class="fidelity brush-size">
      <span aria-hidden="true">{tools.brushSize}</span>
      <RangeSlider
        minimum={BRUSH_SIZES.smallest}
        maximum={BRUSH_SIZES.largest}
        increment={1}
        value={String(brushSize)}
        aria-label={tools.brushSize}
        aria-valuetext={tools.brushSizeValue(brushSize)}
        onNumericValueInput={(size) => size !== null && commands.dispatch({ type: 'brushSized', size })}
      />
      <span aria-hidden="true">{tools.brushSizeValue(brushSize)}</span>
    </div>
  );
}
