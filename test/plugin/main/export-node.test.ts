import { afterEach, describe, expect, it } from 'vitest';
import { buildBundles } from '../../support/build-code.js';
import { runPlugin } from '../../support/figma-host-plugin.js';
import type { RunningPlugin } from '../../support/figma-host-plugin.js';
import type { FigmaHostOptions } from '../../support/figma-host.js';
import type { ExportJob, NodeSpec, StoredImage } from '../../support/figma/types.js';
import { turn } from './scenes.js';
import { UNIT } from '../../support/figma/tree.js';

const bundles = await buildBundles();
let plugin: RunningPlugin;

afterEach(() => plugin.host.dispose());

interface Case {
  readonly node: Partial<NodeSpec> & { readonly fills?: readonly object[] };
  readonly image?: StoredImage;
  readonly render?: FigmaHostOptions['render'];
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** Reads the image of a file that holds nothing else. `jobs` is what Figma was asked to export. */
async function read({ node, image = { width: 1000, height: 500 }, render, maxBytes, signal }: Case) {
  const jobs: ExportJob[] = [];
  let nodeId = '';
  plugin = await runPlugin(
    bundles,
    {
      render: (job) => {
        jobs.push(job);
        return render ? render(job) : new Uint8Array([137, 80]);
      },
    },
    (host) => {
      host.addImage('h', image);
      nodeId = host.build([{ type: 'RECTANGLE', name: 'photo', width: 500, height: 250, ...node }])['photo']!;
    },
  );
  const pixels = await plugin.client.request(
    'read-image',
    { nodeId, ...(maxBytes && { maxBytes }) },
    { ...(signal && { signal }) },
  );
  return { ...pixels, jobs };
}

const fill = (more: object = {}) => ({ type: 'IMAGE', scaleMode: 'FILL', imageHash: 'h', ...more });

describe('reading an image', () => {
  it('exports an upright copy of the fills alone, whatever is done to the node', async () => {
    const fills = [
      fill({ filters: { contrast: 0.2 } }),
      { type: 'SOLID', color: { r: 1, g: 0, b: 0 }, opacity: 0.1 },
    ];
    const { jobs, bytes } = await read({ node: { fills, transform: turn(37, 5, 6) } });
    expect(bytes).toEqual(new Uint8Array([137, 80]));
    expect(jobs[0]!.settings).toMatchObject({ format: 'PNG', colorProfile: 'SRGB', useAbsoluteBounds: true });
    expect(jobs[0]!.node).toMatchObject({ type: 'FRAME', fills: [], strokes: [] });
    expect(jobs[0]!.node.children).toMatchObject([
      { type: 'RECTANGLE', width: 500, height: 250, fills, strokes: [], relativeTransform: UNIT },
    ]);
  });

  it('puts the copy on whole units outside of what the person sees, and takes it away again', async () => {
    const { jobs } = await read({ node: { fills: [fill()] } });
    const [[, , x], [, , y]] = jobs[0]!.node.absoluteTransform;
    expect([x % 1, y % 1]).toEqual([-0, -0]);
    expect(x + jobs[0]!.node.width).toBeLessThan(-500.5);
    expect(plugin.host.state.pages[0]!.children.map(({ name }) => name)).toEqual(['photo']);
    expect(plugin.host.state.commits).toEqual([]);
  });

  it.each<[string, Case, number]>([
    ['fill', { node: { fills: [fill()] } }, 2],
    ['fill that is cut off at the sides', { node: { width: 250, height: 250, fills: [fill()] } }, 2],
    ['fit', { node: { width: 250, height: 250, fills: [fill({ scaleMode: 'FIT' })] } }, 4],
    ['turned fill', { node: { fills: [fill({ rotation: 90 })] } }, 1],
    [
      'crop',
      {
        node: {
          fills: [
            fill({
              scaleMode: 'CROP',
              imageTransform: [
                [0.5, 0, 0],
                [0, 0.5, 0],
              ],
            }),
          ],
        },
      },
      1,
    ],
    ['crop without a transform', { node: { fills: [fill({ scaleMode: 'CROP' })] } }, 2],
    ['tile', { node: { fills: [fill({ scaleMode: 'TILE', scalingFactor: 0.25 })] } }, 4],
    ['image smaller than its node', { node: { fills: [fill()] }, image: { width: 100, height: 50 } }, 0.2],
    [
      'image beyond the limit',
      { node: { fills: [fill()] }, image: { width: 16384, height: 8192 } },
      4096 / 500,
    ],
  ])('has the resolution of the stored image: %s', async (_, scene, pixelsPerUnit) => {
    const { source, pixels } = await read(scene);
    expect(source.pixelsPerUnit).toBeCloseTo(pixelsPerUnit, 9);
    expect(Math.max(pixels.width, pixels.height)).toBeLessThanOrEqual(4096);
  });

  it('asks for a whole number of pixels even where the node has none', async () => {
    const { jobs, pixels, source } = await read({ node: { width: 333.3, height: 211.7, fills: [fill()] } });
    const { width, height } = jobs[0]!.node;
    expect(width * source.pixelsPerUnit).toBeCloseTo(pixels.width, 3);
    expect(height * source.pixelsPerUnit).toBeCloseTo(pixels.height, 3);
    expect(pixels.height).toBe(500);
  });

  it('takes JPEG where PNG is too large to send', async () => {
    const render = ({ settings }: ExportJob) => new Uint8Array(settings.format === 'PNG' ? 2000 : 500);
    const { bytes, jobs } = await read({ node: { fills: [fill()] }, render, maxBytes: 1000 });
    expect(bytes).toHaveLength(500);
    expect(jobs.map(({ settings }) => settings.format)).toEqual(['PNG', 'JPG']);
  });
});

describe('an image that cannot be read', () => {
  const expectFailure = async (scene: Case, code: string): Promise<void> => {
    await expect(read(scene)).rejects.toEqual(
      expect.objectContaining({
        code,
        message: expect.stringMatching(/\.$/),
        hint: expect.stringMatching(/\.$/),
      }),
    );
    expect(plugin.host.state.pages[0]!.children.map(({ name }) => name)).toEqual(['photo']);
  };

  it('says so when Figma fails to render it, and leaves nothing behind', () =>
    expectFailure(
      { node: { fills: [fill()] }, render: () => Promise.reject(new Error('no')) },
      'EXPORT_FAILED',
    ));

  it('says so when it is too large in any form', () =>
    expectFailure(
      { node: { fills: [fill()] }, render: () => new Uint8Array(9), maxBytes: 8 },
      'IMAGE_TOO_LARGE',
    ));

  it('says so when the file has lost the image', () =>
    expectFailure({ node: { fills: [fill({ imageHash: 'lost' })] } }, 'IMAGE_MISSING'));

  it('says so when the image cannot be loaded', () =>
    expectFailure({ node: { fills: [fill()] }, image: { width: 0, height: 0 } }, 'IMAGE_MISSING'));

  it('says so when there is no image', () => expectFailure({ node: { fills: [] } }, 'NOT_AN_IMAGE'));

  it('is let go of when the request is cancelled meanwhile', async () => {
    const cancel = new AbortController();
    const render = (): Uint8Array => {
      cancel.abort();
      return new Uint8Array([1]);
    };
    const reading = read({ node: { fills: [fill()] }, render, signal: cancel.signal });
    await expect(reading).rejects.toHaveProperty('code', 'CANCELLED');
    expect(plugin.host.state.pages[0]!.children).toHaveLength(1);
  });

  it('is not left on the canvas as a copy when the plugin is closed meanwhile', async () => {
    let isRendering = (): void => undefined;
    const rendering = new Promise<void>((resolve) => (isRendering = resolve));
    const render = async (): Promise<Uint8Array> => {
      isRendering();
      return new Promise(() => undefined);
    };
    void read({ node: { fills: [fill()] }, render });
    await rendering;
    expect(plugin.host.state.pages[0]!.children).toHaveLength(2);
    plugin.host.close();
    expect(plugin.host.state.pages[0]!.children.map(({ name }) => name)).toEqual(['photo']);
  });

  it('says so when it was deleted meanwhile', async () => {
    const render = (): Uint8Array => {
      const { id } = plugin.host.state.pages[0]!.children[0]!;
      plugin.host.remove(id);
      return new Uint8Array([1]);
    };
    await expect(read({ node: { fills: [fill()] }, render })).rejects.toHaveProperty('code', 'NODE_GONE');
    expect(plugin.host.state.pages[0]!.children).toEqual([]);
  });
});
