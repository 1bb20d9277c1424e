import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SIDECAR_PORTS } from '../../protocol/version.js';

interface Manifest {
  readonly main: string;
  readonly ui: string;
  readonly documentAccess: string;
  readonly editorType: readonly string[];
  readonly networkAccess: { readonly allowedDomains: readonly string[]; readonly reasoning: string };
}

const manifest = JSON.parse(
  readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8'),
) as Manifest;

describe('manifest.json', () => {
  it('allows exactly the ports that the sidecar may take, by both schemes', () => {
    const expected = SIDECAR_PORTS.flatMap((port) => [`http://localhost:${port}`, `ws://localhost:${port}`]);
    expect(manifest.networkAccess.allowedDomains).toEqual(expected);
  });

  it('names no IP address, which Figma rejects', () => {
    expect(manifest.networkAccess.allowedDomains.join(' ')).not.toMatch(/\d+\.\d+\.\d+\.\d+|\[/);
  });

  it('says why it needs the network', () => {
    expect(manifest.networkAccess.reasoning.length).toBeGreaterThan(40);
  });

  it('points at the built files and asks for dynamic pages', () => {
    expect(manifest).toMatchObject({
      main: 'dist/code.js',
      ui: 'dist/ui.html',
      documentAccess: 'dynamic-page',
      editorType: ['figma'],
    });
  });
});
