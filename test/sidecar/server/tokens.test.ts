import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
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
    expect((await store.verify(token))?.name).toBe('Figma');
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

  it('loses nothing when two sidecars issue at the same time', async () => {
    const home = await temporaryFolder();
    const stores = [new TokenStore(home, logger), new TokenStore(home, logger)];
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, i) => stores[i % 2]!.issue(`client ${i}`)),
    );
    for (const [i, token] of tokens.entries()) {
      expect((await stores[(i + 1) % 2]!.verify(token))?.name).toBe(`client ${i}`);
    }
  });

  it('takes over a lock whose holder died', async () => {
    const home = await temporaryFolder();
    const lock = join(home, 'clients.json.lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    const store = new TokenStore(home, logger);
    expect(await store.verify(await store.issue('Figma'))).toBeDefined();
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

  it('trusts nobody when the file is damaged, and starts it anew with the next pairing', async () => {
    const home = await temporaryFolder();
    await writeFile(join(home, 'clients.json'), '{"version":1,"clients":[{}]}');
    const store = new TokenStore(home, logger);
    expect(await store.verify('x')).toBeUndefined();
    expect(await store.verify(await store.issue('Figma'))).toBeDefined();
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
