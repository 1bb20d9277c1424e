import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
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

/** Interrupts a command after a while. @returns What a shell would see as its exit status. */
export async function interruptedStatus(home: string, afterMs: number, ...flags: string[]): Promise<number> {
  const environment = { ...process.env, CUTLINE_HOME: home, CUTLINE_DEVICE: 'cpu' };
  const child = spawn(process.execPath, [PROGRAM, ...flags], { env: environment, stdio: 'ignore' });
  const interrupt = setTimeout(() => child.kill('SIGINT'), afterMs);
  const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearTimeout(interrupt);
  // A shell adds 128 to the number of the signal that ended a program.
  return status ?? 128 + constants.signals[signal!];
}
