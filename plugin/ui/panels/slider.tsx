/** A slider between two words; the library's own gives the focus away when Esc is pressed. */

interface SliderProps {
  readonly class: string;
  readonly name: string;
  /** Words at its two ends. */
  readonly ends: readonly [string, string];
  /** In [0, 100], unless told otherwise. */
  readonly value: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly valueText: string;
  onChange(value: number): void;
  /** The pointer takes hold of it, and lets go. */
  onHold?(isHeld: boolean): void;
}

export function Slider(props: SliderProps) {
  const { class: className, name, ends, value, valueText, onChange, onHold } = props;
  const { minimum = 0, maximum = 100 } = props;
  return (
    <div class={className}>
      <span aria-hidden="true">{ends[0]}</span>
      <input
        type="range"
        class="range"
        min={minimum}
        max={maximum}
        step={1}
        value={value}
        aria-label={name}
        aria-valuetext={valueText}
        title={valueText}
        onPointerDown={() => onHold?.(true)}
        onPointerUp={() => onHold?.(false)}
        onPointerCancel={() => onHold?.(false)}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
      <span aria-hidden="true">{ends[1]}</span>
    </div>
  );
}
