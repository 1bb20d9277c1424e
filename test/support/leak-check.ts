/** After each test file: whatever it started must be gone again. */
import { afterAll, beforeAll } from 'vitest';

/** Kinds of resources that keep a process alive or hold something of the machine. */
const WATCHED = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'Timeout', 'Worker'];
/** Sockets take a few turns of the event loop to close. */
const PATIENCE_MS = 2000;

let before: readonly string[] = [];

beforeAll(() => {
  before = watched();
});

afterAll(async () => {
  const deadline = Date.now() + PATIENCE_MS;
  while (leaked().length > 0 && Date.now() < deadline) await new Promise(setImmediate);
  const leaks = leaked();
  if (leaks.length > 0) throw new Error(`This file leaves behind: ${leaks.join(', ')}.`);
});

function leaked(): string[] {
  const left = [...before];
  return watched().filter((resource) => {
    const known = left.indexOf(resource);
    if (known >= 0) left.splice(known, 1);
    return known < 0;
  });
}

function watched(): string[] {
  return process.getActiveResourcesInfo().filter((resource) => WATCHED.includes(resource));
}
