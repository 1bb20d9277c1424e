import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBundles } from './build-code.js';
import { FigmaHost } from './figma-host.js';
import type { BoundsMode } from './figma/types.js';

const bundles = await buildBundles();
let host: FigmaHost;

beforeEach(async () => {
  host = await FigmaHost.create(bundles);
});
afterEach(() => host.dispose());

/** Runs code in the sandbox and tells what it printed. */
async function run(body: string): Promise<string> {
  const printed: string[] = [];
  const listener = host.onEvent((event) => {
    if (event.type === 'console') printed.push(event.text);
  });
  host.run(`'use strict'; (async () => { ${body} })().catch((error) => console.log(error.message));`);
  await new Promise((resolve) => setImmediate(resolve));
  listener.dispose();
  return printed.join('\n');
}

describe('the pretended Figma', () => {
  it('has none of the browser’s globals', async () => {
    const names = [
      'TextEncoder',
      'atob',
      'URL',
      'structuredClone',
      'queueMicrotask',
      'fetch',
      'window',
      'document',
    ];
    expect(
      await run(`console.log(${JSON.stringify(names)}.filter((name) => name in globalThis).length)`),
    ).toBe('0');
  });

  it.each([
    ['figma.getNodeById("1:1")', /dynamic-page/],
    ['figma.currentPage = null', /dynamic-page/],
    ['figma.createVector().vectorNetwork = {}', /dynamic-page/],
    ['figma.createVector().fillStyleId = "s"', /dynamic-page/],
    ['figma.on("documentchange", () => {})', /loadAllPagesAsync/],
    ['figma.createVector().nonsense', /no such property/],
    ['figma.createVector().nonsense = 1', /not extensible/],
    ['figma.createVector().id = "x"', /read only/],
    ['figma.currentPage.children.push(1)', /extensible|read-only|frozen/],
    ['figma.createFrame().fills[0].opacity = 0.5', /read-only|read only/],
    ['figma.createFrame().fills = [{ type: "SOLID", color: { r: 1, g: 1, b: 1, a: 1 } }]', /colour/],
    ['figma.createFrame().relativeTransform = [[2, 0, 0], [0, 2, 0]]', /unit length/],
    ['figma.createVector().vectorPaths = [{ windingRule: "EVENODD", data: "M 0,0 L 1,1 Z" }]', /Expected/],
    [
      'figma.createVector().vectorPaths = [{ windingRule: "EVENODD", data: "m 0 0 l 1 1 z" }]',
      /Invalid command/,
    ],
    [
      'figma.createVector().vectorPaths = [{ windingRule: "EVENODD", data: "M 0 0 L 1e3 1 Z" }]',
      /Expected a number/,
    ],
    ['figma.createVector().layoutPositioning = "ABSOLUTE"', /layoutMode/],
    ['figma.createFrame().insertChild(1, figma.createVector())', /out of range/],
    ['const f = figma.createFrame(); f.appendChild(f)', /into itself/],
    ['figma.createVector().setPluginData("k", "x".repeat(100001))', /100 kB/],
    ['figma.createVector().setRelaunchData({ edit: "x".repeat(1001) })', /1000 characters/],
    [
      'figma.createImage(new Uint8Array([137, 80, 78, 71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1, 0, 0, 0, 1]))',
      /too large/,
    ],
    ['figma.group([], figma.currentPage)', /at least one/],
    [
      'const v = figma.createVector(); figma.group([v], figma.group([v], figma.currentPage))',
      /Not pretended/,
    ],
    ['figma.currentPage.findAllWithCriteria({ name: "x" })', /Unrecognized key/],
    [
      'figma.createFrame().fills = [{ type: "IMAGE", scaleMode: "CROP", imageHash: "h", imageTransform: [1, 0, 0] }]',
      /2×3/,
    ],
    [
      'figma.createFrame().fills = [{ type: "IMAGE", scaleMode: "FILL", imageHash: "h", filters: { blur: 1 } }]',
      /Unrecognized key/,
    ],
    ['figma.ui.postMessage({})', /No UI/],
    ['figma.showUI(__html__); figma.ui.postMessage({ bytes: new ArrayBuffer(1) })', /of a class/],
    ['figma.showUI(__html__); figma.ui.postMessage({ f: () => 1 })', /functions/],
    ['const v = figma.createVector(); v.remove(); v.name', /does not exist/],
  ])('refuses %s', async (code, message) => {
    expect(await run(code)).toMatch(message);
  });

  it('attaches new nodes to the page at once, and tells of their removal', async () => {
    const code = `const v = figma.createVector();
      console.log(figma.currentPage.children[0].id === v.id, figma.currentPage.children[0] === v, v.removed);
      v.remove(); console.log(v.removed, figma.currentPage.children.length);`;
    expect(await run(code)).toBe('true false false\ntrue 0');
  });

  it('refuses to change what is inside of an instance', async () => {
    const { instance, inner } = host.build([
      { type: 'INSTANCE', name: 'instance', children: [{ type: 'FRAME', name: 'inner' }] },
    ]);
    expect(await run(`(await figma.getNodeByIdAsync('${inner}')).appendChild(figma.createVector())`)).toMatch(
      /instance/,
    );
    expect(
      await run(`(await figma.getNodeByIdAsync('${instance}')).appendChild(figma.createVector())`),
    ).toMatch(/instance/);
    expect(await run(`(await figma.getNodeByIdAsync('${inner}')).remove()`)).toMatch(/not allowed/);
  });

  it('drops a group with its last child', async () => {
    const { child } = host.build([
      { type: 'GROUP', name: 'group', children: [{ type: 'RECTANGLE', name: 'child' }] },
    ]);
    await run(`(await figma.getNodeByIdAsync('${child}')).remove()`);
    expect(host.state.pages[0]!.children).toEqual([]);
  });

  it('groups nodes where they are on the page, whatever turned frame the group is in', async () => {
    const { frame } = host.build([
      {
        type: 'FRAME',
        name: 'frame',
        transform: [
          [0, -1, 30],
          [1, 0, 40],
        ],
        children: [{ type: 'RECTANGLE', name: 'lower' }],
      },
    ]);
    const code = `const frame = await figma.getNodeByIdAsync('${frame}');
      const [a, b] = [figma.createRectangle(), figma.createRectangle()];
      a.x = 7; b.y = 9;
      const group = figma.group([a, b], frame, 0);
      console.log(frame.children.map(({ type }) => type), group.children.map(({ id }) => id === a.id || id === b.id));
      console.log([a, b].map(({ absoluteTransform: [[, , x], [, , y]] }) => x + ' ' + y), a.relativeTransform);
      a.remove(); b.remove();
      console.log(group.removed, frame.children.length);`;
    expect(await run(code)).toBe('GROUP,RECTANGLE true,true\n7 0,0 9 0,1,-40,-1,0,23\ntrue 1');
  });

  it('finds nodes by type and by plugin data, parents before children, and not the node asked', async () => {
    host.build([
      {
        type: 'FRAME',
        name: 'outer',
        pluginData: { a: '1' },
        children: [
          { type: 'RECTANGLE', name: 'plain' },
          {
            type: 'GROUP',
            name: 'group',
            children: [{ type: 'VECTOR', name: 'deep', pluginData: { b: '1' } }],
          },
        ],
      },
    ]);
    const code = `const find = (node, criteria) => node.findAllWithCriteria(criteria).map(({ name }) => name).join();
      const page = figma.currentPage;
      console.log(find(page, { pluginData: {} }), find(page, { pluginData: { keys: ['b', 'c'] } }));
      console.log(find(page, { types: ['VECTOR', 'GROUP'] }), find(page.children[0], { pluginData: {} }));
      page.children[0].setPluginData('a', '');
      console.log(find(page, { pluginData: { keys: ['a'] } }) === '');`;
    expect(await run(code)).toBe('outer,deep deep\ngroup,deep deep\ntrue');
  });

  it('tells the plugin before it closes, and runs nothing of it afterwards', async () => {
    await run(`figma.on('close', () => figma.createVector());
      setTimeout(() => figma.createVector(), 5);`);
    host.close();
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(host.state.pages[0]!.children).toHaveLength(1);
  });

  it('keeps the children of other pages to itself until they are loaded', async () => {
    const { far } = host.build([{ type: 'RECTANGLE', name: 'far' }], 'Page 2');
    const page = `const page = (await figma.getNodeByIdAsync('${far}')).parent;`;
    expect(await run(`${page} page.children`)).toMatch(/not been loaded/);
    expect(await run(`${page} page.findAllWithCriteria({})`)).toMatch(/not been loaded/);
    expect(await run(`${page} await page.loadAsync(); console.log(page.children.length)`)).toBe('1');
  });

  it.each<[BoundsMode, string]>([
    ['curve', '7 27.5 40 7.5 M 0 7.5 C 10 -2.5 30 -2.5 40 7.5 Z'],
    ['hull', '7 25 40 10 M 0 10 C 10 0 30 0 40 10 Z'],
  ])('moves a vector to the corner of its %s and resizes it', async (bounds, expected) => {
    host.dispose();
    host = await FigmaHost.create(bundles, { bounds });
    const code = `const v = figma.createVector();
      v.x = 2; v.y = 20;
      v.vectorPaths = [{ windingRule: 'EVENODD', data: 'M 5 15 C 15 5 35 5 45 15 Z' }];
      console.log(v.x, v.y, v.width, v.height, v.vectorPaths[0].data);`;
    expect(await run(code)).toBe(expected);
  });

  it('stops code that never ends', async () => {
    host.dispose();
    host = await FigmaHost.create(bundles, { runLimitMs: 50 });
    expect(() => host.run('for (;;) {}')).toThrow(/interrupted/);
  });
});
