/** Part, object, group: what came back, as cut-outs to choose from, and what the chosen outline costs. */
import { useEffect, useRef } from 'preact/hooks';
import type { Candidate } from '../../../protocol/outline.js';
import type { Commands } from '../commands.js';
import { drawThumbnail } from '../outline-image.js';
import { chosenCandidate, offeredRanks, shownIndex } from '../question.js';
import { imageOf } from '../situation.js';
import type { SourceImage } from '../situation.js';
import type { State } from '../state.js';
import { candidateName, strings } from '../strings.js';

interface CandidatesProps {
  readonly state: State;
  readonly commands: Commands;
}

export function Candidates({ state, commands }: CandidatesProps) {
  const { outline } = strings;
  const image = imageOf(state);
  const chosen = chosenCandidate(state);
  const shown = shownIndex(state);
  if (!image || !state.answer) {
    return <Hint state={state} />;
  }
  if (!chosen) {
    return (
      <p class="candidates hint">
        <strong>{outline.none}</strong> {outline.noneHint}
      </p>
    );
  }
  const { candidates } = state.answer;
  const ranks = offeredRanks(state.answer);
  return (
    <div class="candidates">
      <div class="thumbnails" role="group" aria-label={outline.candidates}>
        {ranks.map((rank, index) => (
          <Thumbnail
            key={rank}
            image={image}
            candidate={candidates.find((candidate) => candidate.rank === rank)}
            name={candidateName(index, ranks.length)}
            pressed={index === shown}
            onClick={() => commands.pick(index)}
          />
        ))}
      </div>
      <span class="cost" title={outline.costSpoken(chosen.outline.nodes, chosen.outline.maxDeviationPx)}>
        {outline.cost(chosen.outline.nodes, chosen.outline.maxDeviationPx)}
      </span>
    </div>
  );
}

/** What to do, or what is being done; marks are taken while the image is still prepared. */
function Hint({ state: { work, log, tool } }: { readonly state: State }) {
  const { outline } = strings;
  const isBusy = work.kind !== 'failed' && log.prompts.length > 0;
  const remainingMs = work.kind === 'preparing' ? work.remainingMs : undefined;
  return (
    <p class="candidates hint">
      {isBusy ? outline.working : outline.start[tool]}
      {remainingMs !== undefined && <span>{outline.preparing(remainingMs)}</span>}
    </p>
  );
}

interface ThumbnailProps {
  readonly image: SourceImage;
  /** While it is still to come, what was drawn before stays. */
  readonly candidate: Candidate | undefined;
  readonly name: string;
  readonly pressed: boolean;
  onClick(): void;
}

/** CSS pixels; drawn at twice that. */
const WIDTH = 52;
const HEIGHT = 40;

function Thumbnail({ image, candidate, name, pressed, onClick }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (candidate) drawThumbnail(canvas.current!, image.pixels, candidate);
  }, [image, candidate]);
  return (
    <button type="button" class="thumbnail" aria-pressed={pressed} aria-busy={!candidate} onClick={onClick}>
      <canvas ref={canvas} width={2 * WIDTH} height={2 * HEIGHT} />
      {name}
    </button>
  );
}
