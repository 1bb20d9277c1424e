import { describe, expect, it } from 'vitest';
import manifest from '../../manifest.json' with { type: 'json' };
import { manifestFaults } from '../../plugin/publish/manifest-faults.js';

const { networkAccess } = manifest;
const withDomains = (allowedDomains: readonly string[]) => ({
  ...manifest,
  networkAccess: { ...networkAccess, allowedDomains },
});

describe('manifest.json', () => {
  it('has nothing that Figma or its reviewers would refuse', () => {
    expect(manifestFaults(manifest)).toEqual([]);
  });

  it('points at the built files', () => {
    expect(manifest).toMatchObject({
      main: 'dist/code.js',
      ui: 'dist/ui.html',
      editorType: ['figma', 'figjam', 'slides'],
    });
  });
});

describe('looking a manifest over', () => {
  it.each([
    ['an address as a number', withDomains([...networkAccess.allowedDomains, 'http://127.0.0.1:47130'])],
    [
      'an address besides the sidecar’s',
      withDomains([...networkAccess.allowedDomains, 'https://example.com']),
    ],
    ['a port left out', withDomains(networkAccess.allowedDomains.slice(1))],
    [
      'a port by one scheme only',
      withDomains(networkAccess.allowedDomains.filter((d) => !d.startsWith('ws'))),
    ],
    ['pages that are all loaded at once', { ...manifest, documentAccess: undefined }],
    ['a private API', { ...manifest, enablePrivatePluginApi: true }],
    ['an API for development', { ...manifest, enableProposedApi: true }],
    ['an unknown editor', { ...manifest, editorType: ['sketch'] }],
    ['editors that exclude each other', { ...manifest, editorType: ['figjam', 'dev'] }],
    ['no reason for the network', { ...manifest, networkAccess: { ...networkAccess, reasoning: '' } }],
  ])('finds %s', (_, faulty) => {
    expect(manifestFaults(faulty).length).toBeGreaterThan(0);
  });

  it('says where the fault is', () => {
    expect(manifestFaults(withDomains(networkAccess.allowedDomains.slice(1)))[0]).toContain(
      'http://localhost:47130',
    );
    expect(manifestFaults({ ...manifest, api: '2' })[0]).toMatch(/^api: /);
  });
});
