/** The Everything tab: find, look through what was found, insert or save it. */
import type { ComponentChildren } from 'preact';
import type { Commands } from '../commands.js';
import { isRunning } from '../everything/state.js';
import type { Host } from '../host.js';
import type { SourceImage } from '../situation.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Button } from './button.js';
import { Done } from './done.js';
import { EverythingBar } from './everything-bar.js';
import { EverythingFailures } from './everything-failures.js';
import { EverythingOptions } from './everything-options.js';
import { EverythingStatus } from './everything-status.js';
import { EverythingTree } from './everything-tree.js';
import { LatestFailure } from './latest-failure.js';

interface EverythingPanelProps {
  readonly state: State;
  readonly image: SourceImage;
  readonly host: Host;
  readonly commands: Commands;
  /** Present while the sidecar is away. */
  readonly linkNotice: ComponentChildren;
}

export function EverythingPanel({ state, image, host, commands, linkNotice }: EverythingPanelProps) {
  const { everything } = state;
  const { run, masks, delivery } = everything;
  const isStart = masks.length === 0 && (run.kind === 'none' || run.kind === 'failed');
  return (
    <>
      <div class="panel-content everything">
        {linkNotice}
        {run.kind === 'wanted' && <LatestFailure state={state} commands={commands} />}
        <EverythingFailures everything={everything} commands={commands} />
        {isStart ? (
          <Start state={state} commands={commands} />
        ) : (
          <EverythingStatus state={state} image={image} commands={commands} />
        )}
        {masks.length > 0 && <EverythingTree everything={everything} image={image} commands={commands} />}
        {masks.length === 0 && isRunning(everything) && <div class="tree-placeholder" />}
      </div>
      {masks.length > 0 && <EverythingBar everything={everything} host={host} commands={commands} />}
      {delivery.kind === 'done' && <Done key={delivery.message} message={delivery.message} />}
    </>
  );
}

function Start({ state, commands }: Pick<EverythingPanelProps, 'state' | 'commands'>) {
  const words = strings.everything;
  return (
    <div class="everything-start">
      <p class="muted">{words.intro}</p>
      <EverythingOptions state={state} commands={commands} />
      <Button fullWidth onClick={() => commands.everything.find(false)}>
        {words.find}
      </Button>
    </div>
  );
}
