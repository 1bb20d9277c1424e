import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** Which of our folders each folder may import from, itself included. The most specific prefix counts. */
const DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol'],
  models: ['models', 'protocol'],
  sidecar: ['sidecar', 'models', 'protocol', 'package.json'],
  'plugin/selection.ts': ['protocol'],
  'plugin/bridge.ts': ['plugin/selection.ts', 'protocol'],
  'plugin/main': ['plugin/main', 'plugin/bridge.ts', 'plugin/selection.ts', 'protocol'],
  'plugin/ui': ['plugin/ui', 'plugin/bridge.ts', 'plugin/selection.ts', 'models', 'protocol'],
  'plugin/publish': ['plugin/publish', 'plugin/workbench/sample-scene.ts', 'protocol'],
  'plugin/workbench': ['plugin/workbench', 'plugin/ui', 'models', 'protocol'],
};

/** Packages that only some files may know. */
const PRIVATE_PACKAGES: readonly { readonly name: RegExp; readonly only: RegExp }[] = [
  { name: /^onnxruntime-node$/, only: /^models\/session-node\.ts$/ },
  { name: /^onnxruntime-web/, only: /^models\/session-web\.ts$/ },
  { name: /^sharp$/, only: /^(sidecar\/|plugin\/workbench\/make-sample|plugin\/publish\/)/ },
  {
    name: /^node:/,
    only: /^(sidecar\/|models\/[\w-]+-node\.ts$|plugin\/publish\/|plugin\/[\w/.-]*(config|make-sample|build)[\w.-]*$|protocol\/generate)/,
  },
];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

describe('the architecture', () => {
  const imports = Object.keys(DIRECTIONS)
    .map((folder) => folder.split('/')[0]!)
    .filter((folder, index, all) => all.indexOf(folder) === index)
    .flatMap(importsUnder);

  it('was found', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('imports one way only', () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ file, specifier }) => ({ file, target: resolveTarget(file, specifier) }))
      .filter(({ file, target }) => !allowedFor(file).some((folder) => isUnder(target, folder)))
      .map(({ file, target }) => `${file} imports ${target}; it may import ${allowedFor(file).join(', ')}`);
    expect(wrong).toEqual([]);
  });

  it('keeps runtimes and native packages to the files that wrap them', () => {
    const wrong = imports.flatMap(({ file, specifier }) =>
      PRIVATE_PACKAGES.filter(({ name, only }) => name.test(specifier) && !only.test(file)).map(
        () => `${file} imports ${specifier}`,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('reads strangers’ image files in processes made for that', () => {
    // The first two see to it that no other loader is at hand.
    const readers = /^sidecar\/(main\.ts|engine\/decode-worker\.ts|read-here\.ts|cli\/|eval\/)/;
    const here = /^sidecar\/(engine\/(decode-worker|create-engine)\.ts|cli\/)/;
    const wrong = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      const target = resolveTarget(file, specifier);
      if (target === 'sidecar/image.ts') return !readers.test(file);
      return target === 'sidecar/read-here.ts' && !here.test(file);
    });
    expect(wrong).toEqual([]);
  });

  it('has no barrels: no file only passes on what others export', () => {
    const barrels = sourcesUnder('.').filter((file) => /^export (\*|\{[^}]*\}) from/m.test(read(file)));
    expect(barrels).toEqual([]);
  });
});

function allowedFor(file: string): readonly string[] {
  const owner = Object.keys(DIRECTIONS)
    .filter((folder) => isUnder(file, folder))
    .sort((a, b) => b.length - a.length)[0];
  return owner === undefined ? [] : DIRECTIONS[owner]!;
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function resolveTarget(file: string, specifier: string): string {
  const target = relative(ROOT, resolve(ROOT, dirname(file), specifier));
  return target.replace(/\.js$/, '.ts');
}

function importsUnder(folder: string): Import[] {
  return sourcesUnder(folder).flatMap((file) =>
    [
      ...read(file).matchAll(
        /^(?:import|export)\s[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
      ),
    ].map((match) => ({ file, specifier: (match[1] ?? match[2] ?? match[3])! })),
  );
}

function sourcesUnder(folder: string): string[] {
  const skipped = new Set(['node_modules', 'dist', 'test', '.git']);
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourcesUnder(path);
    return /\.(ts|tsx)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
