import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

interface LockedPackage {
  readonly dev?: boolean;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const read = (path: string) => readFileSync(new URL(path, new URL('../', import.meta.url)), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');

/** Licences that ask for no more than to be named. */
const PERMISSIVE =
  /^(MIT|MIT License|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|\(MIT OR CC0-1\.0\))$/;

describe('what is installed', () => {
  it('is named in docs/dependencies.md, each with a reason', () => {
    const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)`\s*\| ([^|]+) \|/gm)];
    const reasons = new Map(rows.map(([, name, why]) => [name, why!.trim()]));
    const named = [...Object.keys(packageJson.dependencies), ...Object.keys(packageJson.devDependencies)];
    expect([...reasons.keys()].sort()).toEqual(named.sort());
    expect([...reasons].filter(([, why]) => why === 'TO SAY')).toEqual([]);
  });

  it('is checked against a hash, wherever it is downloaded from', () => {
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('runs under permissive licences, but for libvips, which can be replaced', () => {
    const others = locked.filter(([, { dev, license }]) => !dev && !PERMISSIVE.test(license ?? ''));
    expect(others.filter(([path]) => !path.startsWith('node_modules/@img/sharp-'))).toEqual([]);
    const tools = locked.filter(([, { dev, license }]) => dev && !PERMISSIVE.test(license ?? ''));
    expect([...new Set(tools.map(([, { license }]) => license))]).toEqual(['MPL-2.0']);
  });

  it('runs no script of its own while it is installed', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    // What these would fetch is not needed: the build, the sidecar and the tests do without.
    expect(scripted).toEqual([
      'node_modules/esbuild',
      'node_modules/onnxruntime-node',
      'node_modules/onnxruntime-web/node_modules/protobufjs',
    ]);
  });
});
