/** What a crash at any moment may cost: nothing that was kept, and no start. */
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import cacache from 'cacache';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { connect } from '../../../bench/sidecar.js';
import { childrenOf } from '../../../bench/soak/process.js';
import { seededRandom } from '../../../sidecar/eval/seeded-random.js';
import { KILLABLE, killDuring, needsNewImage, PHASES } from '../../support/kill-phases.js';
import type { Phase } from '../../support/kill-phases.js';
import { answerAbout, makeKnownImages } from '../../support/known-images.js';
import type { KnownImage } from '../../support/known-images.js';
import { litterIn } from '../../support/litter.js';
import { isAlive } from '../../support/process-memory.js';
import { pairWith } from '../../support/sidecar-client.js';
import { SidecarProcess } from '../../support/sidecar-process.js';
import { recordTrial } from '../../support/trials.js';

/** On a quiet machine; on a crowded one as many as the time allows, and so many are recorded. */
const MOST_KILLS = 140;
const TIME_MS = 10 * 60_000;
/** One in so many comes while it starts. */
const EVERY = PHASES.length + 1;
const AT_ONCE = 2;
const IMAGES = 2;
/** Starting and loading the model take about so long. */
const LATEST_KILL_OF_START_MS = 2_500;
const LOOKS = 600;
const LOOK_MS = 100;
const LONG_AGO = new Date(Date.now() - 2 * 60 * 60 * 1000);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cutline-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const start = (home: string) =>
  SidecarProcess.startWith(home, { flags: ['--port', '0'], environment: KILLABLE });

async function knownImages(): Promise<readonly KnownImage[]> {
  const sidecar = await start(join(root, 'undisturbed'));
  const connection = await connect(sidecar.origin, await pairWith(sidecar));
  try {
    return await makeKnownImages(IMAGES, connection);
  } finally {
    connection.dispose();
    await sidecar.stop();
  }
}

/** One home through one kill after another, as a person finds it who starts the sidecar again. */
class Lane {
  readonly faults: string[] = [];
  readonly hits = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Record<Phase, number>;
  private readonly random: () => number;
  private token = '';
  private last: { readonly phase: string; readonly victim: KnownImage } | undefined;

  constructor(
    private readonly home: string,
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  async pair(): Promise<void> {
    const sidecar = await start(this.home);
    this.token = await pairWith(sidecar);
    await sidecar.stop();
  }

  /** Starts it, looks at what the kill before has left, and kills it in the middle of a phase. */
  async killIn(phase: Phase, victim: KnownImage): Promise<void> {
    if (needsNewImage(phase)) await forget(this.home, victim);
    const sidecar = await start(this.home);
    const connection = await this.look(sidecar);
    const children = childrenOf(sidecar.pid);
    const scene = { sidecar, connection, home: this.home, victim, random: this.random };
    if (await killDuring(phase, scene)) this.hits[phase]++;
    connection.dispose();
    this.last = { phase, victim };
    for (const child of children) if (await outlives(child)) this.faults.push(`${phase}: a child lives on`);
  }

  async killInStart(): Promise<number> {
    const sidecar = SidecarProcess.spawn(this.home, { flags: ['--port', '0'], environment: {} });
    await delay(this.random() * LATEST_KILL_OF_START_MS);
    await sidecar.kill();
    return 1;
  }

  /** The kills' drafts are old enough to be swept by now: they have to go with a start. */
  async sweep(): Promise<{ before: number; after: readonly string[] }> {
    const before = (await litterIn(this.home)).length;
    const names = await readdir(this.home, { recursive: true });
    for (const name of names) await utimes(join(this.home, name), LONG_AGO, LONG_AGO);
    const sidecar = await start(this.home);
    (await this.look(sidecar)).dispose();
    // Whoever needs a lock whose holder has died takes it over, and nobody else removes it.
    await pairWith(sidecar);
    let after = await litterIn(this.home);
    for (let looks = 0; after.length > 0 && looks < LOOKS; looks++) {
      await delay(LOOK_MS);
      after = await litterIn(this.home);
    }
    await sidecar.stop();
    return { before, after };
  }

  /** Whoever was paired still is, and gets the right answer about the image of the last kill. */
  private async look(sidecar: SidecarProcess): Promise<MessageConnection> {
    JSON.parse(await readFile(join(this.home, 'clients.json'), 'utf8'));
    const connection = await connect(sidecar.origin, this.token);
    if (!this.last) return connection;
    const { phase, victim } = this.last;
    if ((await answerAbout(victim, connection)) !== victim.answer)
      this.faults.push(`${phase}: a wrong answer`);
    return connection;
  }
}

async function outlives(child: number): Promise<boolean> {
  for (let looks = 0; isAlive(child) && looks < LOOKS; looks++) await delay(LOOK_MS);
  return isAlive(child);
}

/** As if the image had never been encoded. */
async function forget(home: string, { id }: KnownImage): Promise<void> {
  const dir = join(home, 'embeddings');
  for (const { key, integrity } of Object.values(await cacache.ls(dir))) {
    if (!key.startsWith(id)) continue;
    await cacache.rm.content(dir, integrity);
    await cacache.rm.entry(dir, key);
  }
}

describe.runIf(process.platform === 'linux')('a sidecar that is killed', () => {
  it(
    'starts again, trusts whom it trusted, and answers as before',
    { timeout: 2_400_000 },
    async (context) => {
      const images = await knownImages();
      const lanes = Array.from({ length: AT_ONCE }, (_, i) => new Lane(join(root, `home ${i}`), i + 1));
      const end = performance.now() + TIME_MS;
      let kills = 0;
      let inStart = 0;
      await Promise.all(
        lanes.map(async (lane) => {
          await lane.pair();
          // Never the image of the kill before: looking at that one keeps it.
          let next = 0;
          while (kills < MOST_KILLS && performance.now() < end) {
            const turn = kills++;
            const phase = PHASES[turn % EVERY];
            if (phase !== undefined) await lane.killIn(phase, images[next++ % IMAGES]!);
            else inStart += await lane.killInStart();
          }
        }),
      );
      const swept = await Promise.all(lanes.map((lane) => lane.sweep()));
      const hits = PHASES.map(
        (phase) => [phase, lanes.reduce((sum, { hits }) => sum + hits[phase], 0)] as const,
      );
      const faults = lanes.flatMap((lane) => lane.faults);
      const left = swept.flatMap(({ after }) => after);
      recordTrial(context, {
        area: 'Faults',
        tried:
          'kill −9 of the built sidecar with its real model in each thing that it does, and while it starts',
        times: kills,
        happened:
          `in the middle of ${hits.map(([phase, count]) => `${phase} ${count}`).join(', ')}, start ${inStart}; ` +
          `${faults.length} faults; ${swept.reduce((sum, { before }) => sum + before, 0)} drafts and locks left, ${left.length} after the sweep`,
        wanted:
          'every start succeeds, tokens hold, outlines are equal to the byte, no orphan, drafts are swept',
      });
      expect(faults).toEqual([]);
      expect(left).toEqual([]);
      for (const [phase, count] of hits) expect(count, phase).toBeGreaterThan(0);
    },
  );
});
