import { describe, expect, it } from 'vitest';
import type { Inserted } from '../../../plugin/bridge.js';
import type { Box } from '../../../protocol/geometry.js';
import { buildBundles } from '../../support/build-code.js';
import { multiply } from '../../support/figma/matrix.js';
import type { NodeDump } from '../../support/figma/types.js';
import { cellOf, cellsOf, FILLS, HOLDERS } from './document-matrix.js';
import type { Cell } from './document-matrix.js';
import { errorPx, fillErrorPx, openFile, outlineOf, pictureErrorPx, pngOf } from './placing.js';
import type { OpenFile } from './placing.js';
import { IMAGE_NAME } from './scenes.js';

const bundles = await buildBundles();

/** What a designer could not see at any zoom. */
const TOLERANCE_PX = 0.05;

/** Hundreds of insertions each, on whatever machine. */
const TIMEOUT_MS = 30_000;

/** What the picture shows, in exported pixels. */
const BOX: Box = [21, 12, 86, 59];

interface Placed {
  readonly delivery: string;
  readonly errorPx: number;
  readonly parent: string | undefined;
  readonly below: string | undefined;
  readonly beside: string | undefined;
}

/** Inserts the object in two ways, and measures. */
async function placeAll(
  { host, client, lastJob }: OpenFile,
  { paint, scene, asPicture }: Cell,
): Promise<Placed[]> {
  const ids = host.build(scene.specs);
  const before = host.node(ids[IMAGE_NAME]!);
  const { source } = await client.request('read-image', { nodeId: before.id });
  const outline = { path: outlineOf(lastJob()), prompts: [], model: 'm', tolerancePx: 0.5 };
  const placed: Placed[] = [];
  const record = (
    delivery: string,
    { layers, beside }: Inserted,
    measure: (node: NodeDump) => number,
  ): void => {
    const { node, parent, siblings } = host.find(layers[0]!.nodeId);
    const mask = node.isMask ? host.find(parent!) : undefined;
    const at = mask ?? { node, parent, siblings };
    const below = at.siblings[at.siblings.indexOf(at.node.id) - 1];
    placed.push({
      delivery,
      errorPx: Math.max(measure(mask?.node ?? node), moved(host.node(before.id), before)),
      parent: at.parent && nameIn(ids, at.parent),
      below: below === undefined ? 'nothing' : nameIn(ids, below),
      beside: beside && `${beside.closed} ${beside.name}`,
    });
    host.remove(at.node.id);
  };
  record(
    'cut-out',
    await client.request('insert-outlines', { source, style: 'cutouts', outlines: [outline] }),
    (top) => {
      const [vector, picture] = top.type === 'GROUP' ? top.children : [top, top];
      return Math.max(errorPx(scene, paint, before, vector!), fillErrorPx(scene, paint, before, picture!));
    },
  );
  if (asPicture) {
    const picture = { source, bytes: pngOf(BOX), box: BOX, layer: outline };
    record('picture', await client.request('insert-image', picture), (rectangle) =>
      pictureErrorPx(scene, source.pixelsPerUnit, BOX, before, rectangle),
    );
  } else {
    record('outline', await client.request('insert-outlines', { source, outlines: [outline] }), (vector) =>
      errorPx(scene, paint, before, vector),
    );
  }
  host.clear();
  return placed;
}

const nameIn = (ids: Record<string, string>, id: string): string | undefined =>
  Object.keys(ids).find((name) => ids[name] === id);

const moved = (now: NodeDump, before: NodeDump): number =>
  Math.max(...now.absoluteTransform.flat().map((v, i) => Math.abs(v - before.absoluteTransform.flat()[i]!)));

/** @returns What is wrong, by cell; nothing where all is right. */
function faultsOf({ name, scene, closed }: Cell, placed: readonly Placed[]): string[] {
  return placed.flatMap(({ delivery, errorPx: error, parent, below, beside }) => {
    const where = `${name}, ${delivery}`;
    const wanted = closed && `${closed} around`;
    return [
      ...(error < TOLERANCE_PX ? [] : [`${where}: ${error.toFixed(3)} px off`]),
      ...(parent === scene.parent && below === scene.below ? [] : [`${where}: in ${parent}, above ${below}`]),
      ...(beside === wanted ? [] : [`${where}: says it is beside ${beside}`]),
    ];
  });
}

async function faultsOfAll(cells: readonly Cell[]): Promise<string[]> {
  const file = await openFile(bundles, 'hull');
  const faults: string[] = [];
  for (const cell of cells) {
    const placed = await placeAll(file, cell).catch((error: unknown) => String(error));
    faults.push(...(typeof placed === 'string' ? [`${cell.name}: ${placed}`] : faultsOf(cell, placed)));
  }
  file.host.dispose();
  return faults;
}

describe('layers of an image', () => {
  it.each(Object.keys(HOLDERS))(
    'lie on it, however it fills and lies: %s',
    async (holder) => expect(await faultsOfAll(cellsOf(holder))).toEqual([]),
    TIMEOUT_MS,
  );

  it('lie on it whatever its opacity, blending and filters are', async () => {
    const looks = [
      { opacity: 0.4, blendMode: 'SCREEN' },
      { filters: { exposure: 0.5, contrast: -1, saturation: 1 } },
    ];
    const cells = looks.flatMap((look) =>
      Object.keys(FILLS).map((fill) => cellOf('rectangle', fill, 'flipped', look)),
    );
    expect(await faultsOfAll(cells)).toEqual([]);
  });
});

describe('the matrix itself', () => {
  it('sees a layer that is a tenth of a pixel off', async () => {
    const cell = cellOf('rectangle', 'crop', 'plain');
    const shifted = {
      ...cell,
      scene: {
        ...cell.scene,
        toPage: multiply(
          [
            [1, 0, 0.1],
            [0, 1, 0],
          ],
          cell.scene.toPage!,
        ),
      },
    };
    expect(await faultsOfAll([shifted])).toHaveLength(2);
  });
});
