import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../sidecar/cli/log.js';

describe('the log', () => {
  it('hides secrets, and shows the codes of sockets and errors', () => {
    const lines: string[] = [];
    const logger = createLogger('debug', { write: (line) => lines.push(line) });
    logger.info({ code: 'ABCD1234', token: 'secret', request: { ticket: 'secret' } }, 'asked');
    expect(lines.join('')).not.toMatch(/ABCD1234|secret/);
    logger.debug({ closeCode: 1006 }, 'closed');
    logger.warn({ err: Object.assign(new Error('full'), { code: 'ENOSPC' }) }, 'not kept');
    expect(lines[1]).toContain('1006');
    expect(lines[2]).toContain('ENOSPC');
  });
});
