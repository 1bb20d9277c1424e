/**
 * What is left behind when something dies: enough to look for the fault, and nothing of what anybody worked on. An
 * error's message is left out, since it may quote its input.
 */
import { mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { codeOf } from '../file-errors.js';
import type { RecentRequest } from './requests.js';

/** The oldest go first. */
const MOST_REPORTS = 10;

export type CrashKind = 'uncaughtException' | 'unhandledRejection' | 'computeThread';

export interface Crash {
  readonly kind: CrashKind;
  readonly error: unknown;
  readonly counters: Readonly<Record<string, number>>;
  /** The latest, oldest first. */
  readonly requests: readonly RecentRequest[];
}

/** Where reports lie in CUTLINE_HOME. */
export function crashFolder(home: string): string {
  return join(home, 'crashes');
}

/** @returns Names of the reports that are there, oldest first. */
export function listReports(home: string): readonly string[] {
  try {
    return readdirSync(crashFolder(home))
      .filter((name) => /^[\w.-]+\.json$/.test(name))
      .sort();
  } catch {
    // None was ever needed, or nothing can be read, which doctor says elsewhere.
    return [];
  }
}

/**
 * Writes a report at once, since the process may be about to end.
 *
 * @returns Its path; undefined when the disk refused it.
 */
export function writeCrashReport(home: string, crash: Crash): string | undefined {
  const now = new Date().toISOString();
  const folder = crashFolder(home);
  const path = join(folder, `${now.replaceAll(':', '-')}-${process.pid}-${crash.kind}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Never over another one, and never through a link that somebody laid there.
    writeFileSync(path, `${JSON.stringify(describe(crash, now), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    for (const old of listReports(home).slice(0, -MOST_REPORTS)) unlinkSync(join(folder, old));
    return path;
  } catch {
    return undefined;
  }
}

function describe({ kind, error, counters, requests }: Crash, at: string): object {
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    at,
    kind,
    version: packageJson.version,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    uptimeS: Math.round(process.uptime()),
    error: describeError(error),
    memory: { rss, heapUsed, external },
    counters,
    requests,
  };
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error, stack: [] };
  const code = codeOf(error);
  return {
    name: error.constructor.name,
    // Codes are made of capitals by all who give them; whatever is not may be anything.
    ...(/^[A-Z][A-Z0-9_]*$/.test(code) && { code }),
    stack: framesOf(error.stack ?? ''),
  };
}

/** Which function of which of our files, without the folders, which may bear a person's name. */
function framesOf(stack: string): string[] {
  return [
    ...stack.matchAll(/^ {4}at (?:([\w$.<>#[\] ]+) )?\(?(?:file:\/\/)?([^()\n]+?):(\d+):(\d+)\)?$/gm),
  ].map(([, name, file, line, column]) => `${name ?? '<anonymous>'} ${basename(file!)}:${line}:${column}`);
}
