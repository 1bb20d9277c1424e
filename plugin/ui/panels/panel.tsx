/** All that is not the image: below it, or beside it where there is room. */
import type { ComponentChildren } from 'preact';
import type { Commands } from '../commands.js';
import type { Connection } from '../connection.js';
import { isRunning } from '../everything/state.js';
import type { Host } from '../host.js';
import type { State } from '../state.js';
import { imageOf } from '../situation.js';
import { strings } from '../strings.js';
import { Adjust } from './adjust.js';
import { HeldSeveral } from './batch-panel.js';
import { BrushSize } from './brush-size.js';
import { Candidates } from './candidates.js';
import { ConnectionPanel } from './connection-panel.js';
import { DeliveryBar } from './delivery-bar.js';
import { Done } from './done.js';
import { EverythingPanel } from './everything-panel.js';
import { Fidelity } from './fidelity.js';
import { LayerNotice } from './layer-notice.js';
import { LatestFailure } from './latest-failure.js';
import { Notice } from './notice.js';
import { refines } from '../question.js';
import { Refine } from './refine.js';
import { TABS, Tabs, tabPanelId } from './tabs.js';
import { Tools } from './tools.js';

interface PanelProps {
  readonly state: State;
  readonly host: Host;
  readonly commands: Commands;
  readonly connection: Omit<Connection, 'dispose'>;
}

export function Panel({ state, host, commands, connection }: PanelProps) {
  const { link, tab } = state;
  const image = imageOf(state);
  const hasResults = state.answer !== undefined || state.everything.masks.length > 0;
  const offline = <ConnectionPanel link={link} connection={connection} />;
  if (!image || (link.kind !== 'online' && !hasResults)) {
    return link.kind === 'online' ? null : (
      // Not the same panel with other things in it: who typed the code goes on at the image, not at a tool.
      <section key="link" class="panel">
        <div class="panel-content">
          {offline}
          <LatestFailure state={state} commands={commands} />
        </div>
      </section>
    );
  }
  const linkNotice = (
    <>
      {link.kind === 'searching' ? <Notice message={strings.link.lost} /> : offline}
      <HeldSeveral state={state} commands={commands} />
    </>
  );
  return (
    <section key="work" class="panel" data-tab={tab}>
      {TABS.map((name) => (
        <div
          key={name}
          id={tabPanelId(name)}
          class="tab-panel"
          role="tabpanel"
          aria-label={strings.tabs[name]}
          hidden={name !== tab}
        >
          {name === tab && tab === 'object' && (
            <ObjectPanel state={state} host={host} commands={commands} linkNotice={linkNotice} />
          )}
          {name === tab && tab === 'everything' && (
            <EverythingPanel
              state={state}
              image={image}
              host={host}
              commands={commands}
              linkNotice={linkNotice}
            />
          )}
        </div>
      ))}
      <Tabs
        tab={tab}
        foundSoFar={isRunning(state.everything) ? state.everything.masks.length : undefined}
        onChoose={(next) => commands.dispatch({ type: 'tabChosen', tab: next })}
      />
    </section>
  );
}

interface ObjectPanelProps extends Omit<PanelProps, 'connection'> {
  readonly linkNotice: ComponentChildren;
}

function ObjectPanel({ state, host, commands, linkNotice }: ObjectPanelProps) {
  return (
    <>
      <div class="panel-content">
        {linkNotice}
        <Tools state={state} commands={commands} />
        <BrushSize state={state} commands={commands} />
        <LatestFailure state={state} commands={commands} />
        <LayerNotice state={state} commands={commands} />
        <Candidates state={state} commands={commands} />
        <Fidelity state={state} commands={commands} isRefined={refines(state)} />
        <div class="finish">
          <Refine state={state} commands={commands} />
          <Adjust state={state} commands={commands} />
        </div>
      </div>
      <DeliveryBar state={state} host={host} commands={commands} />
      {state.delivery.kind === 'done' && (
        <Done key={state.delivery.message} message={state.delivery.message} />
      )}
    </>
  );
}
