import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { findModel } from '../../models/catalog.js';
import type { DeviceHistory } from '../../models/device-node.js';
import type { Session } from '../../models/session.js';

const sessions = vi.hoisted(() => ({
  load: vi.fn<(graph: Uint8Array, device: string) => Promise<Session>>(),
}));
vi.mock('../../models/session-node.js', () => ({
  loadSession: sessions.load,
  supportedDevices: () => ['cuda', 'cpu'],
}));
// Files share their modules: these are this file's own, and gone when it ends.
vi.resetModules();
afterAll(() => vi.resetModules());
const { loadOnDevice } = await import('../../models/device-node.js');

const graphs = { image: Uint8Array.of(1), prompt: Uint8Array.of(2), refine: Uint8Array.of(3) };
const stored = { encoder: Uint8Array.of(4), decoders: graphs };

/** Writes down what it is told. */
function listeningHistory(): DeviceHistory & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    refusal: async () => undefined,
    begin: async (device) => void heard.push(`begin ${device}`),
    refuse: async (device, reason) => void heard.push(`refuse ${device}: ${reason}`),
    accept: async (device) => void heard.push(`accept ${device}`),
  };
}

/** Sessions whose inference fails, and the devices of those that were disposed. */
function brokenSessions() {
  const disposed: string[] = [];
  const load = async (_graph: Uint8Array, device: string): Promise<Session> => ({
    device,
    run: () => Promise.reject(new Error('no memory')),
    dispose: async () => void disposed.push(device),
  });
  return { disposed, load };
}

describe('loadOnDevice', () => {
  afterEach(() => sessions.load.mockReset());

  it('lets go of what was loaded when a later graph fails', async () => {
    const { disposed, load } = brokenSessions();
    sessions.load.mockImplementation(async (graph, device) => {
      if (device === 'cuda' && graph === stored.encoder) throw new Error('too large');
      return load(graph, device);
    });
    const history = listeningHistory();
    const { model, fallbacks } = await loadOnDevice(findModel(), stored, 'auto', history);
    expect(model.device).toBe('cpu');
    expect(fallbacks).toEqual([{ device: 'cuda', reason: 'too large' }]);
    expect(disposed).toEqual(['cuda', 'cuda', 'cuda']);
    expect(history.heard).toEqual(['begin cuda', 'refuse cuda: too large']);
  });

  it('lets go of a model whose first inference fails', async () => {
    const { disposed, load } = brokenSessions();
    sessions.load.mockImplementation(load);
    const { fallbacks } = await loadOnDevice(findModel(), stored, 'auto', listeningHistory());
    expect(fallbacks).toEqual([{ device: 'cuda', reason: 'no memory' }]);
    expect(disposed).toEqual(['cuda', 'cuda', 'cuda', 'cuda']);
  });

  it('stops a trial between two steps, and holds that against no device', async () => {
    const { disposed, load } = brokenSessions();
    const controller = new AbortController();
    sessions.load.mockImplementation((graph, device) => {
      controller.abort();
      return load(graph, device);
    });
    const history = listeningHistory();
    await expect(loadOnDevice(findModel(), stored, 'auto', history, controller)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(disposed).toEqual(['cuda']);
    expect(history.heard).toEqual(['begin cuda', 'accept cuda']);
  });
});
