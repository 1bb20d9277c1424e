/** What becomes of the outline: one primary button, and the other ways behind an arrow. */
import { IconChevronDown16 } from '@create-figma-plugin/ui';
import { primaryDelivery } from '../commands.js';
import type { Commands } from '../commands.js';
import type { Host } from '../host.js';
import { isForOne } from '../delivery.js';
import { canDeliver, outlinedObjects } from '../objects/outlined.js';
import type { DeliveryKind } from '../delivery.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Button } from './button.js';
import { OriginalAfter } from './original-after.js';
import { Popup } from './popup.js';

interface DeliveryBarProps {
  readonly state: State;
  readonly host: Host;
  readonly commands: Commands;
}

const FURRY: ReadonlySet<DeliveryKind> = new Set(['furryCutout', 'insertFurryImage']);

export function DeliveryBar({ state, host, commands }: DeliveryBarProps) {
  const primary = primaryDelivery(state, host);
  const count = outlinedObjects(state).length;
  const disabled = !canDeliver(state, primary);
  const label = strings.deliver[primary];
  const { kind: stage } = state.delivery;
  const choose = (kind: DeliveryKind) => {
    // Fur suits few objects, and the next one hardly has any.
    if (!FURRY.has(kind)) commands.dispatch({ type: 'deliveryPreferred', preferred: kind });
    commands.deliver(kind);
  };
  return (
    <div class="delivery">
      <Button
        fullWidth
        disabled={disabled}
        loading={stage === 'waiting' || stage === 'busy'}
        onClick={() => commands.finish()}
      >
        {count > 1 && !isForOne(primary) ? strings.deliverSeveral(label, count) : label}{' '}
        <span aria-hidden="true">⏎</span>
      </Button>
      {host.deliveries.length > 1 && (
        <Popup label={strings.deliverMore} icon={<IconChevronDown16 />} class="more" disabled={disabled}>
          {(close) => [
            ...host.deliveries.map((kind) => (
              <button
                key={kind}
                type="button"
                class="menu-item"
                aria-current={kind === primary}
                onClick={() => {
                  close();
                  choose(kind);
                }}
              >
                {strings.deliver[kind]}
              </button>
            )),
            host.deliveries.includes('separate') && (
              <OriginalAfter key="original-after" state={state} commands={commands} />
            ),
          ]}
        </Popup>
      )}
    </div>
  );
}
