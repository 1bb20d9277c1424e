/** Chooses all the shown objects, or none, and says how many are chosen. */
import { useEffect, useRef } from 'preact/hooks';
import type { Commands } from '../commands.js';
import { chosenObjects } from '../everything/state.js';
import type { Everything } from '../everything/state.js';
import { strings } from '../strings.js';

interface EverythingChooseAllProps {
  readonly everything: Everything;
  readonly commands: Commands;
}

export function EverythingChooseAll({ everything, commands }: EverythingChooseAllProps) {
  const words = strings.everything;
  const { shown, layered } = everything;
  const withLayer = shown.filter(({ mask }) => layered.has(mask.id)).length;
  const chosen = chosenObjects(everything).length;
  const box = useRef<HTMLInputElement>(null);
  const isMixed = chosen > 0 && chosen < shown.length;
  useEffect(() => {
    box.current!.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <label class="choose-all">
      <input
        ref={box}
        type="checkbox"
        class="box"
        checked={chosen > 0 && chosen === shown.length}
        disabled={shown.length === 0}
        onChange={() => commands.everything.change({ type: 'allChecked', checked: chosen === 0 })}
      />
      <span>
        {words.chosen(chosen, shown.length)}
        {withLayer > 0 && ` · ${words.layered(withLayer)}`}
      </span>
    </label>
  );
}
