/**
 * Whatever of Figma's API fails, whichever request it is in: the document is as it was, and the message says what
 * happened. No text is made, so there is no font to be missing.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../protocol/errors.js';
import { buildBundles } from '../../support/build-code.js';
import type { ApiCall, Fault } from '../../support/figma/faults.js';
import type { DocumentDump } from '../../support/figma/types.js';
import { ASKS, openFor, settle, without } from './fault-asks.js';
import type { Ask, Opened } from './fault-asks.js';
import { openFile } from './placing.js';
import type { OpenFile } from './placing.js';

const bundles = await buildBundles();

let file: OpenFile | undefined;
afterEach(() => file?.host.dispose());

/** A request that nothing disturbs. */
interface Undisturbed {
  readonly opened: Opened;
  readonly before: DocumentDump;
  readonly after: DocumentDump;
  readonly calls: readonly ApiCall[];
  readonly outcome: unknown;
}

/** A request that is closed is never answered. */
const CLOSED = 'closed';

function send({ method, params }: Ask, opened: Opened): Promise<unknown> {
  const answered = opened.file.client.request(method, params(opened)).catch((error: unknown) => error);
  if (method !== 'close') return answered;
  return Promise.race([answered, settle().then(() => CLOSED)]);
}

async function runOnce(ask: Ask): Promise<Undisturbed> {
  file?.host.dispose();
  file = await openFile(bundles, 'curve');
  const opened = await openFor(ask, file);
  const before = file.host.document;
  file.host.arrange();
  const outcome = await send(ask, opened);
  await settle();
  const { calls, document } = file.host;
  return { opened, before, after: document, calls, outcome };
}

/** Does the same once more, from the same document, with a fault in it. */
async function runWith(ask: Ask, { opened }: Undisturbed, fault: Fault): Promise<unknown> {
  const { host } = opened.file;
  host.goToMark();
  host.arrange(fault);
  const outcome = await send(ask, opened);
  await settle();
  host.arrange();
  return outcome;
}

/** A sentence, and what to do. */
function expectWorded(outcome: unknown, where: string): asserts outcome is CodedError {
  expect(outcome, where).toBeInstanceOf(CodedError);
  const { code, message, hint } = outcome as CodedError;
  expect(code, where).not.toBe('INTERNAL');
  expect(message, where).toMatch(/^[A-Z\d].*[.”]$/);
  expect(hint, where).toMatch(/^[A-Z].*\.$/);
}

/** What the plugin goes on without: the button on an image, and what a cut-out needs to do without a mask. */
const SPARED: ReadonlySet<string> = new Set([
  'getRelaunchData',
  'setRelaunchData',
  'getSizeAsync',
  'getBytesAsync',
]);

const json = (value: unknown): string => JSON.stringify(value);

describe.each(ASKS.map((ask) => [ask.name, ask] as const))('%s', { timeout: 60_000 }, (_, ask) => {
  it('leaves the document as it was whichever call fails, and says why', async () => {
    const undisturbed = await runOnce(ask);
    const { before, after, calls, opened } = undisturbed;
    const isClosing = ask.method === 'close';
    for (const [at, { name }] of calls.entries()) {
      const where = `call ${at}, ${name}`;
      const outcome = await runWith(ask, undisturbed, { kind: 'once', at });
      const now = opened.file.host.document;
      if (outcome instanceof CodedError) {
        expectWorded(outcome, where);
        expect(outcome.code, where).not.toBe('LEFT_BEHIND');
        const isDone = name === 'postMessage' && json(now) === json(after);
        if (!isDone) expect(now, where).toEqual(before);
      } else if (!SPARED.has(name) && !isClosing) expect(now, where).toEqual(after);
    }
    expect(calls.length).toBeGreaterThan(0);
  });

  it('leaves nothing untold in a file that becomes read-only at any change', async () => {
    const undisturbed = await runOnce(ask);
    const { before, after, calls, opened } = undisturbed;
    const { host } = opened.file;
    for (const [at, { name, changes }] of calls.entries()) {
      if (!changes) continue;
      const where = `call ${at}, ${name}`;
      const outcome = await runWith(ask, undisturbed, { kind: 'readOnly', at });
      if (!(outcome instanceof CodedError)) {
        if (!SPARED.has(name)) expect(host.document, where).toEqual(after);
        continue;
      }
      expectWorded(outcome, where);
      if (outcome.code !== 'LEFT_BEHIND') {
        expect(host.document, where).toEqual(before);
        continue;
      }
      expect(host.document, where).not.toEqual(before);
      expect(outcome.message, where).toMatch(/did not let the plugin take back .+ either\.$/);
      if (ask.method === 'read-image') deleteNew(opened.file, before, outcome);
      else host.undo();
      expect(host.document.pages, where).toEqual(before.pages);
      expect(host.document.fileData, where).toEqual(before.fileData);
    }
  });

  it('changes nothing else when what it is about is deleted meanwhile', async () => {
    const undisturbed = await runOnce(ask);
    const { opened, calls } = undisturbed;
    const { host } = opened.file;
    const asyncCalls = [...calls.entries()].filter(([, { name }]) => name.endsWith('Async'));
    for (const nodeId of [opened.imageId, ...opened.layerIds]) {
      host.goToMark();
      const undone = without(host, nodeId);
      const done = await doneWithout(ask, undisturbed, nodeId);
      for (const [at, { name }] of asyncCalls) {
        for (const when of ['before', 'after'] as const) {
          const where = `${nodeId} deleted ${when} call ${at}, ${name}`;
          const outcome = await runWith(ask, undisturbed, { kind: 'removal', at, nodeId, when });
          if (outcome instanceof CodedError) {
            expectWorded(outcome, where);
            expect(host.document, where).toEqual(undone);
          } else expect([undone, done], where).toContainEqual(host.document);
        }
      }
    }
  });
});

/** The document when the node was deleted after a request that went well. */
async function doneWithout(ask: Ask, { opened }: Undisturbed, nodeId: string): Promise<DocumentDump> {
  opened.file.host.goToMark();
  await send(ask, opened);
  await settle();
  return without(opened.file.host, nodeId);
}

/** As the hint asks for. */
function deleteNew({ host }: OpenFile, before: DocumentDump, { message, hint }: CodedError): void {
  expect(message).toContain('the frame and the rectangle');
  expect(hint).toMatch(/^Delete them when you can/);
  const known = new Set(before.pages[0]!.children.map(({ id }) => id));
  for (const { id } of host.document.pages[0]!.children) if (!known.has(id)) host.remove(id);
}
