/** The selected images, or those that are worked through, each with what became of it. */
import type { ComponentChildren } from 'preact';
import { itemFraction } from '../batch/state.js';
import type { BatchItem, BatchRun } from '../batch/state.js';
import type { Commands } from '../commands.js';
import { IconDone, IconFailed, IconPicture, IconVector } from '../icons.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';

interface BatchListProps {
  readonly state: State;
  readonly commands: Commands;
}

const words = strings.batch;

/** What cannot be worked on needs no long list. */
const SHOWN_OTHERS = 5;

export function BatchList({ state, commands }: BatchListProps) {
  const { run } = state.batch;
  return (
    // What scrolls can be scrolled with keys, too.
    <ul class="batch-list" aria-label={words.list} tabIndex={0}>
      {run ? <RunRows run={run} commands={commands} /> : <SelectionRows source={state.source} />}
    </ul>
  );
}

function SelectionRows({ source }: Pick<State, 'source'>) {
  if (source.kind !== 'several') return null;
  const { images, layers, others, count } = source;
  const unseen = count - images.length - layers.length - Math.min(others.length, SHOWN_OTHERS);
  return (
    <>
      {images.map(({ nodeId, name, pixels }) => (
        <Row
          key={nodeId}
          name={name}
          icon={<IconPicture />}
          detail={strings.header.size(pixels.width, pixels.height)}
        />
      ))}
      {layers.map(({ nodeId, name, image }) => (
        <Row key={nodeId} name={name} icon={<IconVector />} detail={image.name} />
      ))}
      {others.slice(0, SHOWN_OTHERS).map(({ nodeId, name, what, reason }) => (
        <Row key={nodeId} name={name} detail={words.others[reason](what)} isMuted />
      ))}
      {others.length > SHOWN_OTHERS && unseen > 0 && <Row name={words.more(unseen)} isMuted />}
    </>
  );
}

function RunRows({ run, commands }: { readonly run: BatchRun; readonly commands: Commands }) {
  return (
    <>
      {run.items.map((item) => (
        <RunRow key={item.layer?.nodeId ?? item.image.nodeId} item={item} commands={commands} />
      ))}
    </>
  );
}

function RunRow({ item, commands }: { readonly item: BatchItem; readonly commands: Commands }) {
  const { name, progress } = item;
  switch (progress.kind) {
    case 'waiting':
      return <Row name={name} detail={words.waiting} isMuted />;
    case 'working':
      return <Row name={name} detail={words.stages[progress.stage]} fraction={itemFraction(progress)} />;
    case 'done': {
      const detail = item.layer ? words.changed : words.inserted(progress.layers.length);
      const select = progress.layers.length > 0 ? () => commands.batch.select(item) : undefined;
      return <Row name={name} detail={detail} icon={<IconDone />} onClick={select} />;
    }
    case 'failed': {
      const { message, hint, requestId } = progress.failure;
      const request = requestId === undefined ? '' : ` ${strings.failure.request(requestId)}`;
      const more = `${message} ${hint}${request}`;
      return <Row name={name} detail={words.failed} icon={<IconFailed />} more={more} />;
    }
  }
}

interface RowProps {
  readonly name: string;
  readonly detail?: string;
  readonly icon?: ComponentChildren;
  /** A sentence below. */
  readonly more?: string;
  readonly isMuted?: boolean;
  /** Share done, while something is being done. */
  readonly fraction?: number;
  readonly onClick?: (() => void) | undefined;
}

function Row({ name, detail, icon, more, isMuted = false, fraction, onClick }: RowProps) {
  const line = (
    <>
      <span class="batch-icon">{icon}</span>
      <span class="row-name" title={name}>
        {name}
      </span>
      <span class="muted">{detail}</span>
    </>
  );
  return (
    <li class="batch-row" data-muted={isMuted}>
      {onClick ? (
        <button type="button" class="batch-line" title={words.show(name)} onClick={onClick}>
          {line}
        </button>
      ) : (
        <div class="batch-line">{line}</div>
      )}
      {more && <p class="batch-more">{more}</p>}
      {fraction !== undefined && <progress class="batch-bar" aria-label={name} max={1} value={fraction} />}
    </li>
  );
}
