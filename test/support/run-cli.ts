import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const PROGRAM = resolve(import.meta.dirname, '../../dist/sidecar/main.js');

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line in a process of its own. */
export function runCli(home: string, ...flags: string[]): Promise<CliResult> {
  const environment = { ...process.env, CUTLINE_HOME: home, CUTLINE_DEVICE: 'cpu' };
  const child = spawn(process.execPath, [PROGRAM, ...flags], { env: environment });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done({ status, ...output }));
  });
}
