import { runProgram } from '../../sidecar/cli/program.js';
import type { CliResult } from './run-cli.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the command line in this process: for what is refused before a model is loaded, and much quicker. */
export async function runHere(...flags: string[]): Promise<CliResult> {
  const output = { stdout: '', stderr: '' };
  const undo = [
    divert(process.stdout, (text) => (output.stdout += text)),
    divert(process.stderr, (text) => (output.stderr += text)),
    divertErrors((text) => (output.stderr += text)),
    forgetListeners(),
  ];
  try {
    return { status: await runProgram(['node', 'cutline', ...flags]), ...output };
  } finally {
    undo.forEach((each) => each());
  }
}

function divert(stream: NodeJS.WriteStream, take: (text: string) => void): () => void {
  const { write } = stream;
  stream.write = (chunk: unknown, ...rest: unknown[]) => {
    take(String(chunk));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  return () => (stream.write = write);
}

/** Vitest's console does not write to the stream. */
function divertErrors(take: (text: string) => void): () => void {
  const { error } = console;
  console.error = (...texts: unknown[]) => take(`${texts.join(' ')}\n`);
  return () => (console.error = error);
}

/** A command listens for as long as its process lives, which is longer here. */
function forgetListeners(): () => void {
  const before = new Map(SIGNALS.map((signal) => [signal, new Set(process.listeners(signal))]));
  return () => {
    for (const [signal, known] of before)
      for (const listener of process.listeners(signal))
        if (!known.has(listener)) process.removeListener(signal, listener);
  };
}
