/** The clients that are trusted, in CUTLINE_HOME/clients.json. Several sidecars may share the file. */
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Emitter } from 'vscode-jsonrpc';
import type { Event } from 'vscode-jsonrpc';
import { z } from 'zod';
import { LIMITS } from './limits.js';
import { hashSecret, randomToken, sameHash } from './secrets.js';

const clientSchema = z.object({
  id: z.string(),
  name: z.string(),
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.string(),
  /** The workbench was opened by the sidecar itself; nobody typed a code. */
  launched: z.boolean(),
});
const fileSchema = z.object({ version: z.literal(1), clients: z.array(clientSchema) });

export type Client = z.infer<typeof clientSchema>;

/** A lock older than this was left behind by a sidecar that died. */
const STALE_LOCK_MS = 10_000;
const LOCK_RETRY_MS = 10;

/** Issues, checks and revokes tokens. Only their SHA-256 is kept. */
export class TokenStore {
  private readonly path: string;
  private clients: readonly Client[] = [];
  /** Which state of the file `clients` was read from. */
  private stamp = '';
  /** Issued while the disk could not be written; good until this process ends. */
  private readonly unsaved: Client[] = [];
  private writing: Promise<unknown> = Promise.resolve();
  private readonly revokeEmitter = new Emitter<Client>();
  readonly onDidRevoke: Event<Client> = this.revokeEmitter.event;

  constructor(
    private readonly home: string,
    private readonly logger: Logger,
  ) {
    this.path = join(home, 'clients.json');
  }

  /** @returns 256 random bits; the only time they are seen here. */
  async issue(name: string, { launched = false } = {}): Promise<string> {
    const token = randomToken();
    const client: Client = {
      id: randomToken().slice(0, 12),
      name,
      tokenHash: hashSecret(token),
      createdAt: new Date().toISOString(),
      launched,
    };
    try {
      await this.update((clients) => [...withoutOldLaunches(clients), client]);
    } catch (error) {
      this.logger.warn({ err: error }, 'clients.json cannot be written: this pairing ends with the sidecar');
      this.unsaved.push(client);
    }
    return token;
  }

  /** @returns The client whose token this is. */
  async verify(token: string): Promise<Client | undefined> {
    const hash = hashSecret(token);
    let found: Client | undefined;
    // No early way out, so that the time taken does not tell which one matched.
    for (const client of await this.list()) if (sameHash(client.tokenHash, hash)) found = client;
    return found;
  }

  async list(): Promise<readonly Client[]> {
    await this.refresh();
    return [...this.clients, ...this.unsaved];
  }

  /** Ends a client's trust, here at once and in other sidecars from their next check. */
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
    const now = await this.currentStamp();
    if (now === this.stamp) return;
    this.clients = now === '' ? [] : await this.read();
    this.stamp = now;
  }

  private async currentStamp(): Promise<string> {
    try {
      const { ino, mtimeMs, size } = await stat(this.path);
      return `${ino} ${mtimeMs} ${size}`;
    } catch {
      // No file yet: nobody is paired.
      return '';
    }
  }

  private async read(): Promise<readonly Client[]> {
    try {
      return fileSchema.parse(JSON.parse(await readFile(this.path, 'utf8'))).clients;
    } catch (error) {
      this.logger.warn({ err: error }, 'clients.json cannot be read: clients have to pair again');
      return [];
    }
  }

  /** One change at a time, in this process by a chain and between processes by a lock file. */
  private update(change: (clients: readonly Client[]) => readonly Client[]): Promise<void> {
    const run = this.writing.then(async () => {
      await mkdir(this.home, { recursive: true, mode: 0o700 });
      await withLock(`${this.path}.lock`, async () => {
        await this.refresh();
        const clients = change(this.clients);
        await this.replaceFile(JSON.stringify({ version: 1, clients }, null, 2));
      });
      await this.refresh();
    });
    this.writing = run.catch(() => undefined);
    return run;
  }

  private async replaceFile(text: string): Promise<void> {
    const draft = `${this.path}.${process.pid}.tmp`;
    try {
      await writeFile(draft, text, { mode: 0o600, flush: true });
      await rename(draft, this.path);
    } finally {
      await rm(draft, { force: true });
    }
  }
}

/** Makes room for one more launch: each `npm start` makes a client, and nobody revokes those by hand. */
function withoutOldLaunches(clients: readonly Client[]): readonly Client[] {
  const launches = clients.filter((client) => client.launched);
  const old = launches.slice(0, Math.max(0, launches.length - LIMITS.launchedClients + 1));
  return clients.filter((client) => !old.includes(client));
}

async function withLock(lockPath: string, work: () => Promise<void>): Promise<void> {
  await acquire(lockPath);
  try {
    await work();
  } finally {
    await rm(lockPath, { force: true });
  }
}

async function acquire(lockPath: string): Promise<void> {
  for (;;) {
    try {
      await (await open(lockPath, 'wx', 0o600)).close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = await stat(lockPath).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_LOCK_MS) await rm(lockPath, { force: true });
    else await delay(LOCK_RETRY_MS);
  }
}
