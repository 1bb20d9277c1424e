/** The clients that are trusted, in CUTLINE_HOME/clients.json. Several sidecars may share the file. */
import { readFile, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import { z } from 'zod';
import { replaceFile } from '../../models/write-file-node.js';
import { CodedError } from '../../protocol/errors.js';
import { answerOf, keyName, tokenKey } from '../../protocol/proof.js';
import { codeOf, tolerate } from '../file-errors.js';
import { ensureHome } from '../home.js';
import { withLock } from './folder-lock.js';
import { LIMITS } from './limits.js';
import { randomCode, randomToken, sameHash } from './secrets.js';

/** What a token may be limited to. */
const tokenScopeSchema = z.enum(['metrics']);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

const clientSchema = z.object({
  id: z.string(),
  name: z.string(),
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.string(),
  /** The workbench was opened by the sidecar itself; nobody typed a code. */
  launched: z.boolean(),
  /** All that the token is good for; left out, everything. */
  only: tokenScopeSchema.optional(),
});
const fileSchema = z.object({ version: z.literal(1), clients: z.array(clientSchema) });

export type Client = z.infer<typeof clientSchema>;

export interface TokenOptions {
  readonly launched?: boolean;
  readonly only?: TokenScope;
  /** It is of no use here: other processes are to know it by the file. */
  readonly isForOthers?: boolean;
}

/** What says that there is no file yet: nobody is paired. ENOTDIR comes when a file is in the folder's place. */
const NO_FILE = ['ENOENT', 'ENOTDIR'];

/** Issues, checks and revokes tokens. Only their SHA-256 is kept. */
export class TokenStore {
  private readonly path: string;
  private clients: readonly Client[] = [];
  /** Which state of the file `clients` was read from. */
  private stamp = '';
  /** The file in that state is not one that this version wrote or understands. */
  private damaged = false;
  /** Issued while the disk could not be written; good until this process ends. */
  private readonly unsaved: Client[] = [];
  private writing: Promise<unknown> = Promise.resolve();
  private readonly revokeEmitter = new Emitter<Client>();
  readonly onDidRevoke: Event<Client> = this.revokeEmitter.event;

  /** @param launchedClients Most tokens of workbench pages that are kept. */
  constructor(
    private readonly home: string,
    private readonly logger: Logger,
    private readonly launchedClients: number = LIMITS.launchedClients,
  ) {
    this.path = join(home, 'clients.json');
  }

  /**
   * @returns 256 random bits; the only time they are seen here.
   * @throws CodedError FILE_READ, here and below, when there is a list of clients that cannot be read; FILE_WRITE when
   *   others are to know the token and cannot.
   */
  async issue(
    name: string,
    { launched = false, only, isForOthers = false }: TokenOptions = {},
  ): Promise<string> {
    const token = randomToken();
    const client: Client = {
      // Typed by people who revoke it.
      id: randomCode(),
      name,
      tokenHash: tokenKey(token),
      createdAt: new Date().toISOString(),
      launched,
      ...(only !== undefined && { only }),
    };
    try {
      await this.update((clients) => [...this.withoutOldLaunches(clients), client]);
    } catch (error) {
      if (error instanceof CodedError) throw error;
      if (isForOthers) throw notKept(error);
      this.logger.warn({ err: error }, 'clients.json cannot be written: this pairing ends with the sidecar');
      this.unsaved.push(client);
    }
    return token;
  }

  /** @returns The client whose token this is. */
  async verify(token: string): Promise<Client | undefined> {
    const hash = tokenKey(token);
    let found: Client | undefined;
    // No early way out, so that the time taken does not tell which one matched.
    for (const client of await this.list()) if (sameHash(client.tokenHash, hash)) found = client;
    return found;
  }

  /** @returns The client whose key is called this; see keyName(). */
  async named(name: string): Promise<Client | undefined> {
    return (await this.list()).find(({ tokenHash }) => keyName(tokenHash) === name);
  }

  /** @returns The client of this id, when the answer to its challenge is right. */
  async verifyAnswer(
    id: string,
    answer: string,
    challenge: string,
    port: number,
  ): Promise<Client | undefined> {
    const client = (await this.list()).find((one) => one.id === id);
    return client && sameHash(answerOf(client.tokenHash, challenge, port), answer) ? client : undefined;
  }

  async list(): Promise<readonly Client[]> {
    await this.refresh();
    return [...this.clients, ...this.unsaved];
  }

  /** Ends a client's trust, here at once and in other sidecars with their next heartbeat. */
  async revoke(id: string): Promise<void> {
    const client = (await this.list()).find((one) => one.id === id);
    if (!client) return;
    const at = this.unsaved.indexOf(client);
    if (at >= 0) this.unsaved.splice(at, 1);
    else await this.update((clients) => clients.filter((one) => one.id !== id));
    this.revokeEmitter.fire(client);
  }

  /** Reads the file again when another sidecar has replaced it. */
  private async refresh(): Promise<void> {
    try {
      const found = await tolerate(stat(this.path), NO_FILE);
      const stamp = found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
      if (stamp === this.stamp) return;
      this.take(await tolerate(readFile(this.path, 'utf8'), NO_FILE));
      this.stamp = stamp;
    } catch (error) {
      throw new CodedError(
        'FILE_READ',
        `The list of paired clients cannot be read (${codeOf(error)}).`,
        'Try again; if it stays so, check that clients.json in CUTLINE_HOME can be read.',
        { cause: error },
      );
    }
  }

  /** @param text What the file says; undefined when there is none. */
  private take(text: string | undefined): void {
    this.damaged = false;
    this.clients = [];
    if (text === undefined) return;
    try {
      this.clients = fileSchema.parse(JSON.parse(text)).clients;
    } catch (error) {
      this.damaged = true;
      const reason = (error as Error).name;
      this.logger.warn({ reason }, 'clients.json is damaged or newer than this sidecar: nobody is trusted');
    }
  }

  /** One change at a time, in this process by a chain and between processes by a lock. */
  private update(change: (clients: readonly Client[]) => readonly Client[]): Promise<void> {
    const run = this.writing.then(async () => {
      await ensureHome(this.home);
      await withLock(join(this.home, 'clients.lock'), async () => {
        await this.refresh();
        const clients = change(this.clients);
        if (this.damaged) await this.moveAside();
        const text = JSON.stringify({ version: 1, clients }, null, 2);
        await replaceFile(this.path, text, { mode: 0o600, flush: true });
      });
      await this.refresh();
    });
    this.writing = run.catch(() => undefined);
    return run;
  }

  /** Keeps a file that is not understood: it may be all that is left of the pairings. */
  private async moveAside(): Promise<void> {
    const aside = `${this.path}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
    await rename(this.path, aside);
    this.logger.warn({ file: basename(aside) }, 'clients.json was moved aside: clients have to pair again');
  }

  /** Makes room for one more launch: each `npm start` makes a client, and nobody revokes those by hand. */
  private withoutOldLaunches(clients: readonly Client[]): readonly Client[] {
    const launches = clients.filter((client) => client.launched);
    const old = launches.slice(0, Math.max(0, launches.length - this.launchedClients + 1));
    return clients.filter((client) => !old.includes(client));
  }
}

function notKept(cause: unknown): CodedError {
  return new CodedError(
    'FILE_WRITE',
    `The list of paired clients cannot be written (${codeOf(cause)}).`,
    'Make clients.json in CUTLINE_HOME writable, or make room on its disk.',
    { cause },
  );
}
