import { spawnSync } from 'node:child_process';

const PYTHON = process.env['CUTLINE_PYTHON'] ?? 'python3';

/** Whether a program is there; says aloud when not, since what needs it is then skipped. */
export function hasProgram(program: string, ...probe: string[]): boolean {
  const isThere = spawnSync(program, probe, { stdio: 'ignore' }).status === 0;
  if (!isThere)
    console.warn(`SKIPPED: what needs another program; ${[program, ...probe].join(' ')} does not run.`);
  return isThere;
}

/** Whether Python is there and has a module; says aloud when not. */
export function hasPython(module: string): boolean {
  const isThere = spawnSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;
  if (!isThere) {
    console.warn(`SKIPPED: what ${module} reads; set CUTLINE_PYTHON to a Python that can import it.`);
  }
  return isThere;
}

/** @returns What the program wrote to its output. @throws Error with its complaints when it fails. */
export function runProgram(program: string, ...parameters: string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${String(stderr)}`, { cause: error });
  return stdout;
}

/** Runs a script and parses the JSON that it prints. */
export function runPython(script: string, ...parameters: string[]): unknown {
  return JSON.parse(runProgram(PYTHON, script, ...parameters).toString());
}
