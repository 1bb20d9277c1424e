import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientsCommand } from '../../../sidecar/cli/clients.js';
import { TokenStore } from '../../../sidecar/server/tokens.js';
import { temporaryFolder } from '../../support/sidecar.js';

describe('cutline clients', () => {
  let store: TokenStore;
  let printed: string;
  const run = (...words: string[]) => clientsCommand().parseAsync(words, { from: 'user' });

  beforeEach(async () => {
    const home = await temporaryFolder();
    vi.stubEnv('CUTLINE_HOME', home);
    store = new TokenStore(home, pino({ level: 'silent' }));
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation(((text: string, done?: () => void) => {
      printed += text;
      done?.();
      return true;
    }) as typeof process.stdout.write);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('lists who is paired, and none of their secrets', async () => {
    const token = await store.issue('Figma');
    await store.issue('workbench', { launched: true });
    const [figma, workbench] = await store.list();
    await run('list');
    expect(printed).toContain(`${figma!.id}  Figma`);
    await run('list', '--json');
    const report = JSON.parse(printed.slice(printed.indexOf('{')));
    expect(report).toEqual({
      clients: [figma, workbench].map((client) => ({
        id: client!.id,
        name: client!.name,
        createdAt: client!.createdAt,
        launched: client!.launched,
      })),
    });
    expect(printed).not.toContain(token);
    expect(printed).not.toContain(figma!.tokenHash);
  });

  it('says so when nobody is paired', async () => {
    await run('list');
    expect(printed).toBe('No client is paired.\n');
  });

  it('lets one read the metrics, and says so in the list', async () => {
    await run('watch', 'Prometheus');
    const token = printed.trim();
    expect(await store.verify(token)).toMatchObject({ name: 'Prometheus', only: 'metrics' });
    printed = '';
    await run('list');
    expect(printed).toMatch(/Prometheus {2}for its metrics alone/);
    expect(printed).not.toContain(token);
  });

  it('hands out no token that no sidecar would know', async () => {
    // Where a file is, no folder can be.
    vi.stubEnv('CUTLINE_HOME', join(import.meta.filename, 'home'));
    await expect(run('watch', 'Prometheus')).rejects.toMatchObject({ code: 'FILE_WRITE' });
    expect(printed).toBe('');
  });

  it('revokes one client by its id, or all of a name', async () => {
    for (const name of ['Figma', 'QGIS', 'QGIS', 'script']) await store.issue(name);
    const figma = (await store.list())[0]!;
    await run('revoke', figma.id);
    await run('revoke', 'QGIS');
    expect((await store.list()).map(({ name }) => name)).toEqual(['script']);
    expect(printed.match(/revoked/g)).toHaveLength(3);
  });

  it('names who there is when asked for somebody unknown', async () => {
    await store.issue('Figma');
    await expect(run('revoke', 'figma')).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('Figma') as string,
    });
    expect(await store.list()).toHaveLength(1);
  });
});
