/** Fewer ↔ more, small ↔ large: what of the found objects is shown. Both act at once and ask nobody. */
import { RangeSlider } from '@create-figma-plugin/ui';
import type { Commands } from '../commands.js';
import { keptCount, leastArea } from '../everything/arrange.js';
import type { Everything } from '../everything/state.js';
import type { SourceImage } from '../situation.js';
import { strings } from '../strings.js';

interface EverythingSlidersProps {
  readonly everything: Everything;
  readonly image: SourceImage;
  readonly commands: Commands;
}

export function EverythingSliders({ everything, image, commands }: EverythingSlidersProps) {
  const words = strings.everything;
  const { sliders, masks } = everything;
  const count = keptCount(masks, sliders.more);
  const share = leastArea(masks, sliders.large) / (image.width * image.height);
  return (
    <div class="sliders">
      <Slider
        name={words.amount}
        ends={[words.fewer, words.more]}
        value={sliders.more}
        valueText={words.amountValue(count, masks.length)}
        onChange={(more) => commands.everything.change({ type: 'slid', sliders: { more } })}
      />
      <Slider
        name={words.size}
        ends={[words.small, words.large]}
        value={sliders.large}
        valueText={words.sizeValue(share)}
        onChange={(large) => commands.everything.change({ type: 'slid', sliders: { large } })}
      />
    </div>
  );
}

interface SliderProps {
  readonly name: string;
  /** Words at its two ends. */
  readonly ends: readonly [string, string];
  /** In [0, 1]. */
  readonly value: number;
  readonly valueText: string;
  onChange(value: number): void;
}

function Slider({ name, ends, value, valueText, onChange }: SliderProps) {
  return (
    <div class="slider">
      <span aria-hidden="true">{ends[0]}</span>
      <RangeSlider
        minimum={0}
        maximum={100}
        increment={1}
        value={String(Math.round(100 * value))}
        aria-label={name}
        aria-valuetext={valueText}
        title={valueText}
        onNumericValueInput={(position) => position !== null && onChange(position / 100)}
      />
      <span aria-hidden="true">{ends[1]}</span>
    </div>
  );
}
