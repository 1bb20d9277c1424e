/** One of a few: a row of buttons of which one is pressed. */

interface ChoiceProps<Option extends string> {
  readonly label: string;
  readonly names: Readonly<Record<Option, string>>;
  readonly options: readonly Option[];
  readonly chosen: Option;
  onChoose(option: Option): void;
}

export function Choice<Option extends string>({
  label,
  names,
  options,
  chosen,
  onChoose,
}: ChoiceProps<Option>) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option}
          type="button"
          class="toggle"
          aria-pressed={option === chosen}
          onClick={() => onChoose(option)}
        >
          <span>{names[option]}</span>
        </button>
      ))}
    </div>
  );
}
