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

const PARAMETER = { name: 'What', key: 'what' };
const withEntry = (entry: object) => ({
  ...manifest,
  menu: [...manifest.menu, { name: 'New', command: 'new', ...entry }],
});

describe('looking a manifest over', () => {
  it.each([
    ['a separator', { ...manifest, menu: [...manifest.menu, { separator: true }] }],
    ['a parameter that has to be given', withEntry({ parameters: [PARAMETER] })],
    ['no menu', { ...manifest, menu: undefined, relaunchButtons: undefined }],
  ])('lets pass %s', (_, sound) => {
    expect(manifestFaults(sound)).toEqual([]);
  });

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
    ['a command that is in the menu twice', withEntry({ command: 'open' })],
    ['an entry of the menu that does nothing', withEntry({ command: '' })],
    ['a misspelt field of the menu', withEntry({ parametersOnly: true })],
    ['two parameters of one name', withEntry({ parameters: [PARAMETER, PARAMETER] })],
    [
      'a parameter that has to be given after one that has not',
      withEntry({
        parameters: [
          { ...PARAMETER, optional: true },
          { name: 'As', key: 'as' },
        ],
      }),
    ],
    [
      'a parameter that has to be given and is not asked for',
      withEntry({ parameters: [PARAMETER], parameterOnly: false }),
    ],
    [
      'a button that is there twice',
      { ...manifest, relaunchButtons: [...manifest.relaunchButtons, ...manifest.relaunchButtons] },
    ],
    [
      'a button for many that says so wrongly',
      { ...manifest, relaunchButtons: [{ command: 'change', name: 'Change', multipleSelection: 'yes' }] },
    ],
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
