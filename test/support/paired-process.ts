/** A built sidecar in a process of its own with a paired client, to be put under stress. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { connect, postJson } from '../../bench/sidecar.js';
import { imageOpen } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { familyBytes, MemoryWatch } from './process-memory.js';
import { RawSocket } from './raw-socket.js';
import { pairWith } from './sidecar-client.js';
import { SidecarProcess } from './sidecar-process.js';

const MIB = 1024 * 1024;
/** Memory has come to rest when it moves by less than this for so many looks. */
const REST_BYTES = MIB;
const REST_LOOKS = 5;

export interface Strain {
  /** Most memory that the process held during the work, above what it held at rest. */
  readonly grownMib: number;
  /** Answers that the paired client got meanwhile; a missing one would have thrown. */
  readonly answers: number;
  readonly slowestMs: number;
}

export class PairedProcess {
  private constructor(
    readonly sidecar: SidecarProcess,
    readonly home: string,
    readonly token: string,
    /** A client that was there before. */
    readonly steady: MessageConnection,
  ) {}

  /** Starts it, and waits until the model is loaded and memory at rest. */
  static async start(environment: Record<string, string> = { CUTLINE_LOG: 'warn' }): Promise<PairedProcess> {
    const home = await mkdtemp(join(tmpdir(), 'cutline-test-'));
    const sidecar = await SidecarProcess.startWith(home, { flags: ['--port', '0'], environment });
    await sidecar.line(/^Computing on/);
    const token = await pairWith(sidecar);
    const steady = await connect(sidecar.origin, token);
    const paired = new PairedProcess(sidecar, home, token, steady);
    await paired.rest();
    return paired;
  }

  async dispose(): Promise<void> {
    this.steady.dispose();
    this.steady.end();
    await this.sidecar.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  async ticket(): Promise<string> {
    const authorization = { Authorization: `Bearer ${this.token}` };
    return (await postJson<{ ticket: string }>(this.sidecar.origin, '/v1/ticket', {}, authorization)).ticket;
  }

  async open(): Promise<RawSocket> {
    return RawSocket.open(this.sidecar.port, await this.ticket());
  }

  /** Does work while the steady client asks without a pause, and measures both. */
  async strain(work: () => Promise<unknown>): Promise<Strain> {
    const restBytes = familyBytes(this.sidecar.pid);
    const memory = new MemoryWatch(this.sidecar.pid);
    let isDone = false;
    const [asked] = await Promise.all([
      this.ask(() => isDone),
      work().finally(() => {
        isDone = true;
      }),
    ]).finally(() => memory.dispose());
    const grownMib = Math.max(0, memory.mostBytes - restBytes) / MIB;
    return { grownMib: Math.round(grownMib), ...asked };
  }

  private async ask(isDone: () => boolean): Promise<{ answers: number; slowestMs: number }> {
    let answers = 0;
    let slowestMs = 0;
    do {
      const start = performance.now();
      await callMethod(this.steady, imageOpen, imageOpen.example.params);
      slowestMs = Math.max(slowestMs, performance.now() - start);
      answers++;
      await delay(5);
    } while (!isDone());
    return { answers, slowestMs: Math.round(slowestMs) };
  }

  private async rest(): Promise<void> {
    let last = 0;
    for (let looks = 0; looks < REST_LOOKS; looks++) {
      await delay(200);
      const now = familyBytes(this.sidecar.pid);
      if (Math.abs(now - last) > REST_BYTES) looks = 0;
      last = now;
    }
  }
}
