import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../plugin/ui');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join(root, name));

/** What a file imports from this folder, types included. */
function importsOf(file: string): string[] {
  const places = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^'?]*)\.js/g)].map(([, place]) => place!);
  return places
    .map((place) => resolve(dirname(file), place))
    .map((stem) => files.find((name) => name === `${stem}.ts` || name === `${stem}.tsx`))
    .filter((name) => name !== undefined);
}

it('imports in one direction only, types included', () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    expect(path, `${file} imports itself`).not.toContain(file);
    if (done.has(file)) return;
    for (const next of importsOf(file)) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(done.size).toBe(files.length);
});
