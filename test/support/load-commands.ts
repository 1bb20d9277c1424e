/** What a test tells the clients in load-client.ts, and how it starts them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Opening {
  /** What the sockets are called from then on. */
  readonly group: string;
  readonly origin: string;
  readonly tokens: readonly string[];
  /** Sockets of each token. */
  readonly each: number;
}

export interface Hits {
  readonly group: string;
  readonly images: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Overload {
  readonly group: string;
  readonly image: string;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Flow {
  readonly flows: readonly { readonly group: string; readonly underWay: number }[];
  readonly image: string;
  readonly seconds: number;
}

export interface Outcome {
  answered: number;
  refused: number;
  refusedWithoutTime: number;
  failed: number;
}

/** Parameters and result of each. */
export interface Commands {
  open: [Opening, number];
  hits: [Hits, { asked: number; failed: number; p50Ms: number; p99Ms: number }];
  overload: [Overload, Outcome];
  flow: [Flow, Outcome[]];
}

export interface LoadClient {
  tell<C extends keyof Commands>(command: C, params: Commands[C][0]): Promise<Commands[C][1]>;
  stop(): Promise<void>;
}

/** @param folder Where the program may be put. */
export async function startLoadClient(folder: string): Promise<LoadClient> {
  const program = join(folder, 'load-client.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./load-client.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
  });
  const child = fork(program, { execArgv: [] });
  return {
    async tell(command, params) {
      child.send({ command, params });
      const [{ result, error }] = (await once(child, 'message')) as [{ result: never; error?: string }];
      if (error !== undefined) throw new Error(error);
      return result;
    },
    async stop() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
