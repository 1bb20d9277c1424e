/** What Linux tells of a process and of what it has started. A process that has ended meanwhile has nothing. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Of a second; the same on all of Linux, whatever the kernel counts by itself. */
const TICKS = 100;

export interface Descriptors {
  readonly files: number;
  readonly pipes: number;
  readonly sockets: number;
  /** What the kernel makes for event loops and threads to wait on. */
  readonly waits: number;
}

/** Ids of the processes that a process has started and that have not ended. */
export function childrenOf(pid: number): number[] {
  const threads = orNothing(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const lists = threads.map(
    (thread) => orNothing(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '',
  );
  return lists.join(' ').split(/\s+/).filter(Boolean).map(Number);
}

/** @source proc(5): VmRSS and Threads of status. */
export function statusOf(pid: number): { readonly rssBytes: number; readonly threads: number } {
  const status = orNothing(() => readFileSync(`/proc/${pid}/status`, 'utf8')) ?? '';
  const number = (name: string) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? 0);
  return { rssBytes: number('VmRSS') * 1024, threads: number('Threads') };
}

export function descriptorsOf(pid: number): Descriptors {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).flatMap(
    (name) => orNothing(() => readlinkSync(`${folder}/${name}`)) ?? [],
  );
  const count = (kind: RegExp) => targets.filter((target) => kind.test(target)).length;
  return {
    files: count(/^\//),
    pipes: count(/^pipe:/),
    sockets: count(/^socket:/),
    waits: count(/^anon_inode:/),
  };
}

/** Processor time of a process, of what it has started, and of those among these that have ended. */
export function familySeconds(pid: number): number {
  const children = orNothing(() => childrenOf(pid)) ?? [];
  const living = children.map((child) => ticksOf(child, 2)).reduce((sum, ticks) => sum + ticks, 0);
  return (ticksOf(pid, 4) + living) / TICKS;
}

/** @source proc(5): numbers 14 to 17 of stat, the last two of them of children that have ended. */
function ticksOf(pid: number, numbers: number): number {
  const stat = orNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // Its name, the second, may have spaces in it.
  const fields =
    stat
      ?.slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 11 + numbers) ?? [];
  return fields.reduce((sum, field) => sum + Number(field), 0);
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // It has just ended, or been closed.
    return undefined;
  }
}
