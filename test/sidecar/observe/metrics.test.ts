import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { measureCompute } from '../../../sidecar/engine/measured-compute.js';
import type { ReadOptions } from '../../../sidecar/image-reader.js';
import { Metrics } from '../../../sidecar/observe/metrics.js';
import { watchProcess } from '../../../sidecar/observe/process-metrics.js';
import { FakeCompute } from '../../support/fake-compute.js';

it('times every stage that compute goes through', async () => {
  const stages: string[] = [];
  const compute = measureCompute(new FakeCompute(), (stage) => stages.push(stage));
  await compute.encode('key', new Uint8Array());
  await compute.predict({ key: 'key', prompts: [], rle: false });
  await compute.predict({ key: 'key', prompts: [], rle: false, refine: true });
  await compute.render({ key: 'key', prompts: [], format: 'svg' });
  const run = await compute.startEverything({ key: 'key', options: {} });
  await compute.advanceEverything(run!);
  expect(stages).toEqual([
    ...['read', 'encode', 'decode', 'trace', 'decode', 'refine', 'trace', 'export', 'search'],
  ]);
});

it('says who has an image looked at, and how that is called off', async () => {
  const asked: unknown[] = [];
  const inner = new FakeCompute();
  inner.inspect = async (_bytes: Uint8Array, options?: ReadOptions) => {
    asked.push(options);
    return { width: 40, height: 20 };
  };
  const options = { client: 'a', signal: new AbortController().signal };
  await measureCompute(inner, () => undefined).inspect(new Uint8Array(), options);
  expect(asked).toEqual([options]);
});

it('times nothing that failed', async () => {
  const stages: string[] = [];
  const compute = measureCompute(new FakeCompute(), (stage) => stages.push(stage));
  await expect(compute.predict({ key: 'unknown', prompts: [], rle: false })).rejects.toThrow();
  expect(stages).toEqual([]);
});

it('knows the process: its memory, and how late its event loop has been', async () => {
  const metrics = new Metrics();
  const watching = watchProcess(metrics);
  onTestFinished(() => watching.dispose());
  await delay(50);
  const until = performance.now() + 150;
  while (performance.now() < until);
  await delay(50);
  const text = await metrics.toText();
  const value = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1),
    );
  expect(value('cutline_memory_bytes{kind="rss"}')).toBeGreaterThan(10e6);
  expect(value('cutline_memory_bytes{kind="heap_used"}')).toBeGreaterThan(1e6);
  expect(value('cutline_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThan(0.09);
  // Reading takes nothing away from the next reader.
  const again = await metrics.toText();
  expect(again).toContain(text.split('\n').find((line) => line.includes('quantile="1"'))!);
});

it('forgets the value of a label that is no longer so', async () => {
  const metrics = new Metrics();
  let device = 'none yet';
  metrics.watchFacts('device_info', 'What computes.', () => ({ device }));
  await metrics.toText();
  device = 'cpu';
  const text = await metrics.toText();
  expect(text).toContain('device_info{device="cpu"} 1');
  expect(text).not.toContain('none yet');
});
