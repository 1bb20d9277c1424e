/** A disk of its own for a test, so small that it can be filled, and that can be made read-only. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this process may mount; says aloud when not, since tests that need it are then skipped. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'cutline-'));
  try {
    mount(folder, 1024 * 1024);
    unmount(folder);
    return true;
  } catch {
    console.warn('SKIPPED: mounting a tmpfs is not permitted here; run as root on Linux for a full disk.');
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export class SmallDisk {
  private constructor(readonly folder: string) {}

  static async mount(bytes: number): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), 'cutline-'));
    mount(folder, bytes);
    return new SmallDisk(folder);
  }

  /** Leaves no byte. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    await writeFile(join(this.folder, 'filler'), Buffer.alloc(bavail * bsize));
  }

  async makeRoom(): Promise<void> {
    await rm(join(this.folder, 'filler'));
  }

  /** For root too, who is above permissions. */
  makeReadOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.folder]);
  }

  async dispose(): Promise<void> {
    unmount(this.folder);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function mount(folder: string, bytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
}

/** Even when something still has a file open there. */
function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder]);
}
