import { mkdir, readdir, readFile, rename, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { TokenStore } from '../../../sidecar/server/tokens.js';
import { temporaryFolder } from '../../support/sidecar.js';

const logger = pino({ level: 'silent' });

describe('the token store', () => {
  it('issues 256 bits and keeps only their hash, for the owner’s eyes alone', async () => {
    const home = join(await temporaryFolder(), 'new');
    const store = new TokenStore(home, logger);
    const token = await store.issue('Figma');
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const path = join(home, 'clients.json');
    expect(await readFile(path, 'utf8')).not.toContain(token);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect(await readdir(home)).toEqual(['clients.json']);
  });

  it('knows a token again, and no other', async () => {
    const store = new TokenStore(await temporaryFolder(), logger);
    const token = await store.issue('Figma');
    expect(await store.verify(token)).toMatchObject({
      name: 'Figma',
      id: expect.stringMatching(/^[A-Z0-9]{8}$/),
    });
    expect(await store.verify(`${token}x`)).toBeUndefined();
    expect(await store.verify('')).toBeUndefined();
  });

  it('revokes one client and says so', async () => {
    const store = new TokenStore(await temporaryFolder(), logger);
    const [one, other] = [await store.issue('one'), await store.issue('other')];
    const revoked: string[] = [];
    store.onDidRevoke(({ name }) => revoked.push(name));
    await store.revoke((await store.verify(one))!.id);
    await store.revoke('unknown');
    expect(await store.verify(one)).toBeUndefined();
    expect((await store.verify(other))?.name).toBe('other');
    expect(revoked).toEqual(['one']);
  });

  it('shares its file with another sidecar: what one issues or revokes the other sees', async () => {
    const home = await temporaryFolder();
    const [here, there] = [new TokenStore(home, logger), new TokenStore(home, logger)];
    const token = await here.issue('Figma');
    const client = (await there.verify(token))!;
    expect(client.name).toBe('Figma');
    await there.revoke(client.id);
    expect(await here.verify(token)).toBeUndefined();
  });

  it('loses nothing when four sidecars issue at the same time', async () => {
    const home = await temporaryFolder();
    const stores = Array.from({ length: 4 }, () => new TokenStore(home, logger));
    const tokens = await Promise.all(
      Array.from({ length: 40 }, (_, i) => stores[i % 4]!.issue(`client ${i}`)),
    );
    for (const [i, token] of tokens.entries()) {
      expect((await stores[(i + 1) % 4]!.verify(token))?.name).toBe(`client ${i}`);
    }
    expect(await readdir(home)).toEqual(['clients.json']);
  });

  it('keeps the workbench tokens of the latest 8 launches, and every pairing', async () => {
    const store = new TokenStore(await temporaryFolder(), logger);
    const paired = await store.issue('Figma');
    const launched = [];
    for (let i = 0; i < 10; i++) launched.push(await store.issue('workbench', { launched: true }));
    const known = await Promise.all(launched.map((token) => store.verify(token)));
    expect(known.map((client) => client !== undefined)).toEqual([
      false,
      false,
      ...Array<boolean>(8).fill(true),
    ]);
    expect(await store.verify(paired)).toBeDefined();
  });

  it('keeps as many launches as it is told', async () => {
    const store = new TokenStore(await temporaryFolder(), logger, 2);
    for (let i = 0; i < 5; i++) await store.issue(`${i}`, { launched: true });
    expect((await store.list()).map(({ name }) => name)).toEqual(['3', '4']);
  });

  it.each([
    ['damaged', '{"version":1,"clients":[{}]}'],
    ['cut short', '{"version":1,"cli'],
    ['empty', ''],
    ['from a newer version', '{"version":2,"people":[]}'],
  ])('trusts nobody when the file is %s, and moves it aside for the next pairing', async (_name, text) => {
    const home = await temporaryFolder();
    const path = join(home, 'clients.json');
    await writeFile(path, text);
    const lines: string[] = [];
    const stores = [0, 1].map(
      () => new TokenStore(home, pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })),
    );
    expect(await stores[0]!.verify('x')).toBeUndefined();
    expect(await readFile(path, 'utf8')).toBe(text);
    const tokens = await Promise.all(stores.map((store) => store.issue('Figma')));
    for (const token of tokens) expect(await stores[0]!.verify(token)).toBeDefined();
    const aside = (await readdir(home)).filter((name) => name.startsWith('clients.json.damaged-'));
    expect(aside).toHaveLength(1);
    expect(await readFile(join(home, aside[0]!), 'utf8')).toBe(text);
    expect(lines.join('')).toContain(aside[0]);
  });

  it('refuses to judge or write while the file cannot be read, and goes on once it can', async () => {
    const home = await temporaryFolder();
    const path = join(home, 'clients.json');
    const store = new TokenStore(home, logger);
    const token = await store.issue('Figma');
    // As EMFILE or EBUSY would: the list is there, but reading it fails.
    await rename(path, `${path}.away`);
    await mkdir(path);
    const refused = expect.objectContaining({ code: 'FILE_READ' }) as Error;
    await expect(store.verify(token)).rejects.toEqual(refused);
    await expect(store.issue('QGIS')).rejects.toEqual(refused);
    await expect(store.revoke('any')).rejects.toEqual(refused);
    await rmdir(path);
    await rename(`${path}.away`, path);
    expect((await store.verify(token))?.name).toBe('Figma');
    expect(await store.list()).toHaveLength(1);
  });

  it('works from memory when the disk cannot be written', async () => {
    const home = join(await temporaryFolder(), 'a file');
    await writeFile(home, 'not a folder');
    const store = new TokenStore(home, logger);
    const token = await store.issue('Figma');
    const client = (await store.verify(token))!;
    expect(client.name).toBe('Figma');
    await store.revoke(client.id);
    expect(await store.verify(token)).toBeUndefined();
  });
});
