/** What becomes of the chosen objects: one primary button that says how many, and the choices behind an arrow. */
import { IconChevronDown16 } from '@create-figma-plugin/ui';
import { treeFormatSchema } from '../../../protocol/everything.js';
import type { Commands } from '../commands.js';
import { chosenObjects } from '../everything/state.js';
import type { Choices, Everything } from '../everything/state.js';
import type { Host } from '../host.js';
import { strings } from '../strings.js';
import { Button } from './button.js';
import { Popup } from './popup.js';

interface EverythingBarProps {
  readonly everything: Everything;
  readonly host: Host;
  readonly commands: Commands;
}

/** One way to use the objects. */
interface Way {
  readonly name: string;
  readonly choices: Partial<Choices>;
  readonly isCurrent: boolean;
}

const words = strings.everything;

export function EverythingBar({ everything, host, commands }: EverythingBarProps) {
  const { delivery } = everything;
  if (delivery.kind === 'busy' && host.insertTree) {
    return (
      <Inserting done={delivery.done} total={delivery.total} onStop={commands.everything.stopDelivery} />
    );
  }
  const count = chosenObjects(everything).length;
  const disabled = count === 0;
  const ways = host.insertTree ? styleWays(everything) : formatWays(everything);
  const current = ways.find(({ isCurrent }) => isCurrent)!;
  const deliver = ({ choices }: Way) => {
    commands.everything.change({ type: 'chose', choices });
    commands.everything.deliver();
  };
  return (
    <div class="delivery">
      <Button
        fullWidth
        disabled={disabled}
        loading={delivery.kind === 'busy'}
        title={current.name}
        onClick={() => commands.everything.deliver()}
      >
        {host.insertTree ? words.insert(count) : words.save(count)} <span aria-hidden="true">⏎</span>
      </Button>
      <Popup label={words.choices} icon={<IconChevronDown16 />} class="more" disabled={disabled}>
        {(close) =>
          ways.map((way) => (
            <button
              key={way.name}
              type="button"
              class="menu-item"
              aria-current={way.isCurrent}
              onClick={() => {
                close();
                deliver(way);
              }}
            >
              {way.name}
            </button>
          ))
        }
      </Popup>
    </div>
  );
}

function styleWays({ style }: Everything): readonly Way[] {
  return (['outlines', 'cutouts'] as const).map((name) => ({
    name: words.styles[name],
    choices: { style: name },
    isCurrent: name === style,
  }));
}

function formatWays({ format }: Everything): readonly Way[] {
  return treeFormatSchema.options.map((name) => ({
    name: words.formats[name],
    choices: { format: name },
    isCurrent: name === format,
  }));
}

interface InsertingProps {
  readonly done: number;
  readonly total: number;
  onStop(): void;
}

function Inserting({ done, total, onStop }: InsertingProps) {
  return (
    <div class="delivery inserting">
      <div class="inserting-words">
        <p>{words.inserting(done, total)}</p>
        <progress aria-label={words.inserting(done, total)} max={total} value={done} />
      </div>
      <Button secondary onClick={onStop}>
        {words.stop}
      </Button>
    </div>
  );
}
