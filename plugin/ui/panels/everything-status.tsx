/** How many were found, how long it still takes, and what to do about it, in one line. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Commands } from '../commands.js';
import { isRunning } from '../everything/state.js';
import type { Everything } from '../everything/state.js';
import { IconDisclosure } from '../icons.js';
import type { SourceImage } from '../situation.js';
import { toleranceOf } from '../question.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { EverythingOptions } from './everything-options.js';
import { EverythingSliders } from './everything-sliders.js';
import { ProgressBar } from './progress-line.js';

interface EverythingStatusProps {
  readonly state: State;
  readonly image: SourceImage;
  readonly commands: Commands;
}

const words = strings.everything;

export function EverythingStatus({ state, image, commands }: EverythingStatusProps) {
  const { everything } = state;
  const { run, masks } = everything;
  const [isAdjusting, setAdjusting] = useState(false);
  const isStale = !isRunning(everything) && madeOtherwise(state);
  return (
    <div class="everything-status" data-running={isRunning(everything)} data-adjusting={isAdjusting}>
      <Progress everything={everything} />
      <div class="status-line">
        <p class="status-words">{statusWords(everything)}</p>
        <button
          type="button"
          class="text-button adjust"
          aria-expanded={isAdjusting}
          onClick={() => setAdjusting(!isAdjusting)}
        >
          {words.adjust}
          <IconDisclosure />
        </button>
        <Action everything={everything} isStale={isStale} commands={commands} />
      </div>
      {run.kind === 'stopped' && run.why === 'lost' && <p class="muted">{words.lost}</p>}
      {run.kind === 'done' && masks.length === 0 && <p class="muted">{words.nothingHint}</p>}
      {masks.length > 0 && <EverythingSliders everything={everything} image={image} commands={commands} />}
      {isAdjusting && !isRunning(everything) && <EverythingOptions state={state} commands={commands} />}
      {isStale && <p class="muted">{words.changed}</p>}
    </div>
  );
}

/** Whether the objects were asked for with other options than are chosen now. */
function madeOtherwise(state: State): boolean {
  const { runOptions, sharedEdges, masks } = state.everything;
  if (!runOptions || masks.length === 0) return false;
  return runOptions.sharedEdges !== sharedEdges || runOptions.tolerancePx !== toleranceOf(state);
}

function statusWords({ run, masks }: Everything): ComponentChildren {
  const found = <strong>{words.found(masks.length)}</strong>;
  switch (run.kind) {
    case 'wanted':
      return masks.length > 0 ? found : words.preparing;
    case 'running': {
      const { remainingMs, isFinishing } = run;
      const left = isFinishing
        ? words.finishing
        : remainingMs === undefined
          ? words.looking
          : words.left(remainingMs);
      return masks.length > 0 ? withMore(found, left) : left;
    }
    case 'stopped':
    case 'failed':
      return withMore(found, words.stopped);
    default:
      return masks.length > 0 ? found : <strong>{words.nothing}</strong>;
  }
}

function withMore(found: ComponentChildren, more: string) {
  return (
    <>
      {found} <span class="muted">· {more}</span>
    </>
  );
}

interface ActionProps {
  readonly everything: Everything;
  readonly isStale: boolean;
  readonly commands: Commands;
}

function Action({ everything, isStale, commands }: ActionProps) {
  const { run, cursor } = everything;
  if (isRunning(everything)) return <LinkButton onClick={commands.everything.stop}>{words.stop}</LinkButton>;
  // The notice above says what to do next.
  if (run.kind === 'failed') return null;
  const canGoOn = cursor !== undefined && run.kind === 'stopped' && !isStale;
  return (
    <LinkButton onClick={() => commands.everything.find(canGoOn)}>
      {canGoOn ? words.goOn : words.again}
    </LinkButton>
  );
}

function LinkButton({ children, onClick }: { readonly children: ComponentChildren; onClick(): void }) {
  return (
    <button type="button" class="text-button" onClick={onClick}>
      {children}
    </button>
  );
}

function Progress({ everything: { run } }: { readonly everything: Everything }) {
  if (run.kind !== 'wanted' && run.kind !== 'running') return null;
  return <ProgressBar label={words.progress} fraction={run.kind === 'wanted' ? 0 : run.fraction} />;
}
