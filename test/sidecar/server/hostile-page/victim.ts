/** The sidecar that is attacked, in a process of its own, with what it has to lose. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postJson } from '../../../../bench/sidecar.js';
import { rawUpgrade } from '../../../support/sidecar.js';
import { pairWith } from '../../../support/sidecar-client.js';
import { SidecarProcess } from '../../../support/sidecar-process.js';

/** What an attack may have changed. */
export interface State {
  /** Askers and where they ask from, as the terminal shows them with each code. */
  readonly asked: readonly string[];
  /** The file of paired clients. */
  readonly clients: string;
  readonly sockets: number;
  /** Requests so far, by method and outcome. */
  readonly requests: Readonly<Record<string, number>>;
}

interface Metric {
  readonly name: string;
  readonly values: readonly { readonly value: number; readonly labels: Readonly<Record<string, string>> }[];
}

export class Victim {
  private constructor(
    readonly sidecar: SidecarProcess,
    private readonly home: string,
    /** Of a client that is paired. */
    readonly token: string,
  ) {}

  static async start(): Promise<Victim> {
    const home = await mkdtemp(join(tmpdir(), 'cutline-test-'));
    const environment = { CUTLINE_LOG: 'warn' };
    const sidecar = await SidecarProcess.startWith(home, { flags: ['--port', '0'], environment });
    return new Victim(sidecar, home, await pairWith(sidecar));
  }

  async dispose(): Promise<void> {
    await this.sidecar.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Pairing codes that the terminal has shown. */
  codes(): readonly string[] {
    return this.sidecar.printed.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/g) ?? [];
  }

  /** The next code after so many. */
  async codeAfter(shown: number): Promise<string> {
    while (this.codes().length <= shown) await new Promise(setImmediate);
    return this.codes()[shown]!;
  }

  /** Good for one socket. */
  async ticket(): Promise<string> {
    const { ticket } = await postJson<{ ticket: string }>(this.sidecar.origin, '/v1/ticket', {}, this.proof);
    return ticket;
  }

  /** Whether a ticket opens a socket for a client that is no page. It does so once. */
  async opens(ticket: string): Promise<boolean> {
    const { port } = this.sidecar;
    const protocols = `Sec-WebSocket-Protocol: cutline.v1, ticket.${ticket}`;
    return (await rawUpgrade(port, [`Host: localhost:${port}`, protocols])).status === 101;
  }

  async state(): Promise<State> {
    const headers = { Accept: 'application/json', ...this.proof };
    const answer = await fetch(`${this.sidecar.origin}/metrics`, { headers });
    const metrics = (await answer.json()) as Metric[];
    const valuesOf = (name: string) => metrics.find((metric) => metric.name === name)!.values;
    return {
      asked: this.sidecar.printed.split('\n').filter((line) => line.includes('asks to connect')),
      clients: await readFile(join(this.home, 'clients.json'), 'utf8'),
      sockets: valuesOf('cutline_sockets')[0]!.value,
      requests: Object.fromEntries(
        valuesOf('cutline_requests_total').map(({ value, labels }) => [
          `${labels['method']}: ${labels['outcome']}`,
          value,
        ]),
      ),
    };
  }

  private get proof(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` };
  }
}

/** What came in between, by method and outcome. */
export function requestsBetween(before: State, after: State): Record<string, number> {
  const grown = Object.entries(after.requests).map(
    ([what, count]) => [what, count - (before.requests[what] ?? 0)] as const,
  );
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}
