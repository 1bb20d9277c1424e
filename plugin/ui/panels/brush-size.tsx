/** How large the brush is, on the screen. */
import type { Commands } from '../commands.js';
import { BRUSH_SIZES } from '../hand-line.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Slider } from './slider.js';

interface BrushSizeProps {
  readonly state: State;
  readonly commands: Commands;
}

export function BrushSize({ state: { tool, brushSize }, commands }: BrushSizeProps) {
  const { tools } = strings;
  if (tool !== 'brush') return null;
  return (
    <Slider
      class="fidelity brush-size"
      name={tools.brushSize}
      ends={[tools.brushSize, tools.brushSizeValue(brushSize)]}
      minimum={BRUSH_SIZES.smallest}
      maximum={BRUSH_SIZES.largest}
      value={brushSize}
      valueText={tools.brushSizeValue(brushSize)}
      onChange={(size) => commands.dispatch({ type: 'brushSized', size })}
    />
  );
}
