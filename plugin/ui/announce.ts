/** What a screen reader is told when the state changes: what can be seen at a glance, said once. */
import { markNews } from './announce-marks.js';
import { tallyOf } from './batch/state.js';
import type { BatchRun } from './batch/state.js';
import type { Everything } from './everything/state.js';
import { wordsOf } from './failure.js';
import { chosenCandidate, isWhole, shownIndex } from './question.js';
import { imageOf } from './situation.js';
import type { Failure } from './situation.js';
import type { State } from './state.js';
import { candidateName, strings } from './strings.js';

/** @returns A sentence, or undefined when nothing happened that is worth one. */
export function announcementFor(state: State, previous: State): string | undefined {
  return (
    sourceNews(state, previous) ??
    linkNews(state, previous) ??
    deliveryNews(state, previous) ??
    everythingNews(state.everything, previous.everything) ??
    batchNews(state.batch.run, previous.batch.run) ??
    workNews(state, previous)
  );
}

function sourceNews(state: State, previous: State): string | undefined {
  if (state.source === previous.source) return undefined;
  const image = imageOf(state);
  if (image) return strings.spoken.opened(image.name, image.width, image.height);
  return state.source.kind === 'unreadable' ? wordsOf(state.source.failure).message : undefined;
}

function linkNews({ link }: State, { link: before }: State): string | undefined {
  if (link.kind === before.kind) return undefined;
  switch (link.kind) {
    case 'online':
      return strings.spoken.connected;
    case 'offline':
      return strings.link.offline[link.cause];
    case 'pairing':
      return strings.pairing.title;
    case 'refused':
      return wordsOf(link.failure).message;
    case 'searching':
      return undefined;
  }
}

function deliveryNews({ delivery }: State, previous: State): string | undefined {
  if (delivery === previous.delivery) return undefined;
  if (delivery.kind === 'waiting') return strings.delivering;
  if (delivery.kind === 'done') return delivery.message;
  return delivery.kind === 'failed' ? spokenFailure(delivery.failure) : undefined;
}

function everythingNews(now: Everything, before: Everything): string | undefined {
  const { delivery } = now;
  if (delivery !== before.delivery) {
    if (delivery.kind === 'done') return delivery.message;
    if (delivery.kind === 'failed') return spokenFailure(delivery.failure);
    if (delivery.kind === 'busy' && before.delivery.kind !== 'busy') return strings.delivering;
  }
  if (now.run.kind === before.run.kind) return undefined;
  // When the image is ready it begins at once, and nobody hears that it was wanted.
  if (now.run.kind === 'running')
    return before.run.kind === 'wanted' ? undefined : strings.everything.spoken.started;
  return runNews(now);
}

function runNews({ run, masks }: Everything): string | undefined {
  const { spoken, lost } = strings.everything;
  if (run.kind === 'wanted') return spoken.started;
  if (run.kind === 'stopped') return run.why === 'lost' ? lost : spoken.stopped(masks.length);
  if (run.kind === 'failed') return spokenFailure(run.failure);
  return run.kind === 'done' ? spoken.found(masks.length) : undefined;
}

function batchNews(now: BatchRun | undefined, before: BatchRun | undefined): string | undefined {
  if (!now || !before || now === before) return undefined;
  const words = strings.batch;
  if (now.kind !== before.kind && now.kind !== 'running') {
    const { done, all, layers } = tallyOf(now);
    const outcome = done === 0 ? words.noneOver : words.over(done, all, layers);
    return now.kind === 'finished' ? outcome : `${outcome} ${words[now.kind]}`;
  }
  const item = now.items.find(
    ({ progress }, i) => progress.kind !== before.items[i]?.progress.kind && progress.kind !== 'working',
  );
  if (item?.progress.kind === 'done') return words.spoken.done(item.name);
  return item?.progress.kind === 'failed'
    ? words.spoken.failed(item.name, wordsOf(item.progress.failure).message)
    : undefined;
}

function workNews(state: State, previous: State): string | undefined {
  const { work } = state;
  if (work.kind !== previous.work.kind) {
    if (work.kind === 'failed') return spokenFailure(work.failure);
    if (work.kind === 'preparing') return strings.spoken.preparing;
    if (work.kind === 'ready' && previous.work.kind === 'preparing') return strings.spoken.ready;
  }
  const news = [markNews(state, previous), outlineNews(state, previous)].filter(Boolean);
  return news.length > 0 ? news.join(' ') : undefined;
}

function outlineNews(state: State, previous: State): string | undefined {
  // The sentence counts the alternatives, and is said once.
  if (state.answer && !isWhole(state.answer)) return undefined;
  const isAnew = state.answer !== previous.answer;
  if (!isAnew && chosenCandidate(state) === chosenCandidate(previous)) return undefined;
  const sentence = outlineSentence(state);
  // Refined, it may well cost the same.
  return isAnew || sentence !== outlineSentence(previous) ? sentence : undefined;
}

function outlineSentence(state: State): string | undefined {
  // Nothing leaves an answer behind but that all marks are gone, which is said.
  if (!state.answer) return undefined;
  const chosen = chosenCandidate(state);
  if (!chosen) return strings.outline.none;
  const { candidates } = state.answer;
  const index = shownIndex(state);
  const { nodes, maxDeviationPx } = chosen.outline;
  return strings.spoken.outline(
    candidateName(index, candidates.length),
    index + 1,
    candidates.length,
    strings.outline.costSpoken(nodes, maxDeviationPx),
  );
}

function spokenFailure(failure: Failure): string {
  const { message, hint } = wordsOf(failure);
  return `${message} ${hint}`;
}
