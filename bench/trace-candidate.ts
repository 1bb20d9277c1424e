/** One mask of a photograph → its outline, against the decoder run that the mask came from. */
import { traceCandidate } from '../models/candidates.js';
import { selectCandidates } from '../models/select.js';
import { decodeImage } from '../sidecar/image.js';
import type { BenchContext } from './context.js';
import { benchImage } from './images.js';
import { compare, timed } from './measure.js';
import { loadModel } from './model.js';

export async function benchTraceCandidate({ home }: BenchContext): Promise<object> {
  const { name, bytes } = await benchImage();
  const model = await loadModel(home);
  const image = await decodeImage(bytes);
  const embedding = await model.encode(image);
  const box: [number, number, number, number] = [75, 275, 1725, 850];
  const prompts = { points: [], box };
  const [decoded] = await model.decode(embedding, [prompts]);
  const selection = selectCandidates(decoded!, prompts, image, []);
  let nodes = 0;
  const result = await compare({
    runs: 40,
    warmUps: 20,
    baselineName: 'one bare decoder run',
    baseline: () => timed(() => model.decode(embedding, [prompts])),
    candidate: () =>
      timed(async () => {
        nodes = traceCandidate(selection, selection.chosen, image, { tolerancePx: 0.5 }).outline.nodes;
      }),
  });
  await model.dispose();
  return { image: name, device: 'cpu', tolerancePx: 0.5, nodes, ...result };
}
