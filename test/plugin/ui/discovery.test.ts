import { describe, expect, it } from 'vitest';
import { findSidecar } from '../../../plugin/ui/discovery.js';
import type { DiscoveryOptions, LoopbackPermission } from '../../../plugin/ui/discovery.js';

const CHROME = 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
const SAFARI =
  'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

/** A machine where these origins answer /health with these bodies, and nothing else listens. */
function machine(bodies: Record<string, string>, more: Partial<DiscoveryOptions> = {}): DiscoveryOptions {
  return {
    fetch: async (url) => {
      const body = bodies[url.replace('/health', '')];
      if (body === undefined) throw new TypeError('Failed to fetch');
      return new Response(body);
    },
    userAgent: CHROME,
    loopbackPermission: () => Promise.resolve<LoopbackPermission>('allowed'),
    ...more,
  };
}

describe('finding the sidecar', () => {
  it('finds it on any of its ports', async () => {
    expect(await findSidecar(machine({ 'http://localhost:47132': 'cutline' }))).toMatchObject({
      origin: 'http://localhost:47132',
    });
  });

  it('takes the first of two', async () => {
    const two = { 'http://localhost:47131': 'cutline', 'http://localhost:47133': 'cutline' };
    expect(await findSidecar(machine(two))).toMatchObject({ origin: 'http://localhost:47131' });
  });

  it('prefers the one that served the page', async () => {
    const two = { 'http://localhost:47130': 'cutline', 'http://localhost:9000': 'cutline' };
    const ownOrigin = 'http://localhost:9000';
    expect(await findSidecar(machine(two, { ownOrigin }))).toMatchObject({ origin: ownOrigin });
  });

  it('asks nowhere else when the one that served the page answers', async () => {
    const asked: string[] = [];
    const here = machine({ 'http://localhost:9000': 'cutline' }, { ownOrigin: 'http://localhost:9000' });
    const fetch: DiscoveryOptions['fetch'] = (url) => (asked.push(url), here.fetch(url));
    await findSidecar({ ...here, fetch });
    expect(asked).toEqual(['http://localhost:9000/health']);
  });

  it('looks elsewhere when the one that served the page is gone', async () => {
    const moved = machine({ 'http://localhost:47131': 'cutline' }, { ownOrigin: 'http://localhost:9000' });
    expect(await findSidecar(moved)).toMatchObject({ origin: 'http://localhost:47131' });
  });

  it('prefers one that knows us to one that comes first, and else takes the first', async () => {
    const both = { 'http://localhost:47130': 'cutline', 'http://localhost:47133': 'cutline' };
    const recognises = async (origin: string) => origin.endsWith('47133');
    const known = { origin: 'http://localhost:47133', knowsUs: true };
    expect(await findSidecar(machine(both, { recognises }))).toEqual(known);
    const strangers = machine(both, { recognises: async () => false });
    expect(await findSidecar(strangers)).toEqual({ origin: 'http://localhost:47130', knowsUs: false });
  });

  it('does not wait for a port where something listens and says nothing, once one knows us', async () => {
    const here = machine({ 'http://localhost:47130': 'cutline' }, { recognises: async () => true });
    const fetch: DiscoveryOptions['fetch'] = (url) =>
      url.includes('47130') ? here.fetch(url) : new Promise<Response>(() => undefined);
    expect(await findSidecar({ ...here, fetch })).toMatchObject({ origin: 'http://localhost:47130' });
  });

  it('passes over something else that listens there', async () => {
    const other = { 'http://localhost:47130': '<html>', 'http://localhost:47134': 'cutline\n' };
    expect(await findSidecar(machine(other))).toMatchObject({ origin: 'http://localhost:47134' });
  });

  it('finds it where the permission says no but no rule is applied', async () => {
    const loopbackPermission = () => Promise.resolve<LoopbackPermission>('denied');
    const here = machine({ 'http://localhost:47130': 'cutline' }, { loopbackPermission });
    expect(await findSidecar(here)).toMatchObject({ origin: 'http://localhost:47130' });
  });
});

describe('telling why it cannot be reached', () => {
  it('says that it is not running', async () => {
    expect(await findSidecar(machine({}))).toEqual({ cause: 'notRunning' });
  });

  it('says that the browser forbids it', async () => {
    const loopbackPermission = () => Promise.resolve<LoopbackPermission>('denied');
    expect(await findSidecar(machine({}, { loopbackPermission }))).toEqual({ cause: 'blocked' });
  });

  it('says that it is Safari', async () => {
    expect(await findSidecar(machine({}, { userAgent: SAFARI }))).toEqual({ cause: 'safari' });
  });

  it('knows that Safari reaches the sidecar that served the page', async () => {
    const gone = machine({}, { userAgent: SAFARI, ownOrigin: 'http://localhost:47130' });
    expect(await findSidecar(gone)).toEqual({ cause: 'notRunning' });
  });
});
