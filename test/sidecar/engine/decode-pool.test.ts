import { onTestFinished, describe, expect, it } from 'vitest';
import { DecodePool } from '../../../sidecar/engine/decode-pool.js';
import type { DecodePoolOptions } from '../../../sidecar/engine/decode-pool.js';

const SCRIPT = new URL('./scripted-reader.mjs', import.meta.url);
/** Enough for an answer on a busy machine; the tests that wait for it to pass set their own. */
const PATIENT = { timeMs: 60_000, memoryBytes: 1 };
const SHORT = { timeMs: 50, memoryBytes: 1 };

function start({ limits, ...options }: Partial<DecodePoolOptions> = {}) {
  const notes: string[] = [];
  const pool = new DecodePool({
    script: SCRIPT,
    onNote: (note) => notes.push(note),
    overtimeMs: 0,
    limits: { small: PATIENT, large: PATIENT, ...limits },
    ...options,
  });
  onTestFinished(() => pool.dispose());
  const read = (deed: string, signal?: AbortSignal) => pool.images.decode(Buffer.from(deed), { signal });
  const pid = async () => (await read('say who you are')).data[0];
  return { pool, notes, read, pid };
}

const GOOD = { width: 8, height: 8 };

describe('reading images in other processes', () => {
  it('answers with the pixels, from the same process again and again', async () => {
    const { read, pid, notes } = start();
    const { data, ...size } = await read('read me');
    expect(size).toEqual(GOOD);
    expect(data).toEqual(new Uint8Array(192).fill(1));
    expect(await pid()).toBe(await pid());
    expect(notes).toEqual([]);
  });

  it.each([
    'crash',
    'leave',
    'die in mid-answer',
    'answer nonsense',
    'answer binary',
    'answer too little',
    'claim too much',
  ])(
    'says that the file is to blame, and reads the next one, after a process that was told to %s',
    async (deed) => {
      const { read, notes } = start();
      await expect(read(deed)).rejects.toMatchObject({
        code: 'IMAGE_UNREADABLE',
        hint: expect.stringMatching(/save it anew/),
      });
      expect(notes).toHaveLength(1);
      expect(await read('read me')).toMatchObject(GOOD);
    },
  );

  it('ends a process that hangs, and says that the image takes too long', async () => {
    const { read } = start({ limits: { small: SHORT } });
    // On a busy machine even a good answer may come too late.
    await expect(read('hang')).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      hint: expect.stringMatching(/smaller/),
    });
  });

  it('says which limit an image has passed, and trusts its process no more', async () => {
    const { read, pid } = start();
    const before = await pid();
    const error = { code: 'IMAGE_TOO_LARGE', message: 'Too much.', hint: 'Less.' };
    await expect(read('pass a limit')).rejects.toMatchObject(error);
    expect(await pid()).not.toBe(before);
  });

  it('ends a process that answers twice, before its second answer is taken for another image’s', async () => {
    const { read, notes } = start();
    await read('answer twice');
    while (notes.length === 0) await new Promise(setImmediate);
    expect(await read('read me')).toMatchObject(GOOD);
  });

  it('reads two at once and no third', async () => {
    const { pool, read } = start();
    const working = ['stall', 'stall'].map((deed) => read(deed).catch((error: unknown) => error));
    let isRead = false;
    const third = read('read me').then(
      () => (isRead = true),
      (error: unknown) => error,
    );
    // Far longer than a process that is up takes to answer.
    await start().read('read me');
    expect(isRead).toBe(false);
    await pool.dispose();
    for (const end of [...working, third]) expect(await end).toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('reads a small image while a large one takes its time, but no second large one', async () => {
    const { pool, read } = start();
    const large = ['big', 'big'].map((deed) => read(deed).catch((error: unknown) => error));
    expect(await read('read me')).toMatchObject(GOOD);
    await pool.dispose();
    for (const end of large) expect(await end).toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('lets go what is cancelled, though its process would not end', async () => {
    const { read } = start();
    const abort = new AbortController();
    const reading = expect(read('hang', abort.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    abort.abort();
    await reading;
    expect(await read('read me')).toMatchObject(GOOD);
  });

  it('blames no image when a process cannot start', async () => {
    const { read } = start({ script: new URL('./not-there.mjs', import.meta.url) });
    await expect(read('read me')).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('starts no process after it was disposed', async () => {
    const { pool, read } = start();
    await pool.dispose();
    pool.warmUp();
    await expect(read('read me')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('lets a second process go when there is nothing for it to do', async () => {
    const { read, pid } = start({ limits: { spareMs: 1 } });
    await Promise.all([read('read me'), read('read me')]);
    const ended = await pid();
    expect(ended).toBe(await pid());
  });
});
