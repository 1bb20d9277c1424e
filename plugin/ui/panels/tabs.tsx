/** Object │ Everything: two tabs below the panel, one of them reached by Tab, the other by an arrow key. */
import { useRef } from 'preact/hooks';
import type { Tab } from '../state.js';
import { strings } from '../strings.js';

export const TABS: readonly Tab[] = ['object', 'everything'];

interface TabsProps {
  readonly tab: Tab;
  /** How many objects there are so far, while more are looked for. */
  readonly foundSoFar: number | undefined;
  onChoose(tab: Tab): void;
}

export function tabPanelId(tab: Tab): string {
  return `panel-${tab}`;
}

export function Tabs({ tab, foundSoFar, onChoose }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const choose = (next: Tab) => {
    onChoose(next);
    list.current?.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextTab(tab, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    choose(next);
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={strings.tabs.group} onKeyDown={onKeyDown}>
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          class="tab"
          role="tab"
          data-tab={name}
          aria-selected={name === tab}
          aria-controls={tabPanelId(name)}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {strings.tabs[name]}
          {name === 'everything' && foundSoFar !== undefined && (
            <span class="tab-count"> · {foundSoFar}</span>
          )}
        </button>
      ))}
    </div>
  );
}

/** @returns undefined when the key is not for tabs. */
function nextTab(tab: Tab, key: string): Tab | undefined {
  const index = TABS.indexOf(tab);
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return TABS[(index + TABS.length - 1) % TABS.length];
    case 'ArrowRight':
    case 'ArrowDown':
      return TABS[(index + 1) % TABS.length];
    case 'Home':
      return TABS[0];
    case 'End':
      return TABS.at(-1);
    default:
      return undefined;
  }
}
