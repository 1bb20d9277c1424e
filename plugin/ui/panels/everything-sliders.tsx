/** Fewer ↔ more, small ↔ large: what of the found objects is shown. Both act at once and ask nobody. */
import type { Commands } from '../commands.js';
import { keptCount, leastArea } from '../everything/arrange.js';
import type { Everything } from '../everything/state.js';
import type { SourceImage } from '../situation.js';
import { strings } from '../strings.js';
import { Slider } from './slider.js';

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
        class="slider"
        name={words.amount}
        ends={[words.fewer, words.more]}
        value={Math.round(100 * sliders.more)}
        valueText={words.amountValue(count, masks.length)}
        onChange={(more) => commands.everything.change({ type: 'slid', sliders: { more: more / 100 } })}
      />
      <Slider
        class="slider"
        name={words.size}
        ends={[words.small, words.large]}
        value={Math.round(100 * sliders.large)}
        valueText={words.sizeValue(share)}
        onChange={(large) => commands.everything.change({ type: 'slid', sliders: { large: large / 100 } })}
      />
    </div>
  );
}
