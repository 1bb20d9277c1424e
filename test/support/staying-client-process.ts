/** Starts the client in staying-client.ts, hears what it says, and puts it to sleep. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildScript } from './built-script.js';

export class StayingClient {
  /** What it has said and nobody has waited for yet. */
  #said: string[] = [];
  #wake = () => undefined as void;

  private constructor(private readonly child: ChildProcess) {
    createInterface(child.stdout!).on('line', (line) => {
      this.#said.push(line);
      this.#wake();
    });
  }

  static async start(...words: string[]): Promise<StayingClient> {
    const program = await buildScript('test/support/staying-client.ts', {
      'vscode-jsonrpc/browser': 'vscode-jsonrpc/node',
    });
    const child = spawn(process.execPath, [fileURLToPath(program.script), ...words], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.once('exit', () => void program.dispose());
    return new StayingClient(child);
  }

  ask(): void {
    this.child.stdin!.write('ask\n');
  }

  /** Waits until it says one of these; what it said before is over. */
  async says(...words: readonly string[]): Promise<string> {
    for (;;) {
      const at = this.#said.findIndex((word) => words.includes(word));
      if (at >= 0) {
        const word = this.#said[at]!;
        this.#said = this.#said.slice(at + 1);
        return word;
      }
      await new Promise<void>((wake) => (this.#wake = wake));
    }
  }

  /** What it has said and nobody has waited for. */
  get unheard(): readonly string[] {
    return this.#said;
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.child.stdin!.end();
    await once(this.child, 'exit');
  }
}
