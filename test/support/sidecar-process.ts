import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = resolve(import.meta.dirname, '../../dist/sidecar/main.js');
const CODE = /^ +[0-9A-Z]{4}-[0-9A-Z]{4}$/;

/** The built sidecar in a process of its own, read as a person reads its terminal. */
export class SidecarProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #errors = '';
  #hasEnded = false;
  #codesTaken = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    createInterface(child.stdout!).on('line', (line) => {
      this.#lines.push(line);
      for (const wake of this.#waiting) wake();
    });
    child.stderr?.on('data', (chunk) => (this.#errors += chunk));
    child.once('close', () => {
      this.#hasEnded = true;
      for (const wake of this.#waiting) wake();
    });
  }

  /** Resolves once it listens: on the plugin's own ports, which one test at a time can have, unless a flag says otherwise. */
  static start(home: string, ...flags: string[]): Promise<SidecarProcess> {
    return SidecarProcess.startWith(home, { flags });
  }

  /** @param environment Besides its home; with any, its log and errors are kept instead of shown. */
  static async startWith(
    home: string,
    { flags = [], environment }: { flags?: readonly string[]; environment?: Record<string, string> },
  ): Promise<SidecarProcess> {
    const sidecar = SidecarProcess.spawn(home, { flags, environment });
    await sidecar.line(/ready at/);
    return sidecar;
  }

  /** As `startWith`, without waiting for it to listen. */
  static spawn(
    home: string,
    {
      flags = [],
      environment,
    }: { flags?: readonly string[]; environment?: Record<string, string> | undefined },
  ): SidecarProcess {
    return new SidecarProcess(
      spawn(process.execPath, [PROGRAM, 'serve', '--no-open', ...flags], {
        env: { ...process.env, CUTLINE_HOME: home, CUTLINE_DEVICE: 'cpu', ...environment },
        stdio: ['ignore', 'pipe', environment ? 'pipe' : 'inherit'],
      }),
    );
  }

  /** The address it printed. */
  get origin(): string {
    return this.#lines.join('\n').match(/http:\/\/localhost:\d+/)![0];
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get port(): number {
    return Number(new URL(this.origin).port);
  }

  /** Everything that it has shown so far. */
  get printed(): string {
    return this.#lines.join('\n');
  }

  /** The next pairing code that it shows. */
  async pairingCode(): Promise<string> {
    const earlier = this.#codesTaken++;
    return (await this.#until(() => this.#lines.filter((line) => CODE.test(line))[earlier], CODE)).trim();
  }

  /** The first line that matches, waiting for it if need be; fails when it ends without one. */
  line(pattern: RegExp): Promise<string> {
    return this.#until(() => this.#lines.find((line) => pattern.test(line)), pattern);
  }

  async #until(look: () => string | undefined, wanted: RegExp): Promise<string> {
    for (;;) {
      const line = look();
      if (line !== undefined) return line;
      if (this.#hasEnded) throw new Error(`It ended without ${wanted}: ${this.printed} ${this.#errors}`);
      await new Promise<void>((wake) => {
        this.#waiting.add(wake);
      });
    }
  }

  /** What it wrote besides: its log, and errors. */
  get errors(): string {
    return this.#errors;
  }

  /** Waits until it ends by itself. Resolves with the exit status. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  /** As Ctrl-C does. Resolves with the exit status. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    return this.#child.exitCode;
  }

  /** As the system does before it is put to sleep; `resume` wakes it. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
