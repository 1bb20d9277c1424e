import { describe, expect, it } from 'vitest';
import { CodedError } from '../../../protocol/errors.js';
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

  it('shows the stack of what nobody foresaw, and of nothing else', () => {
    const lines: string[] = [];
    const logger = createLogger('warn', { write: (line) => lines.push(line) });
    const foreseen = new CodedError('BUSY', 'Too much is asked.', 'Wait.');
    const ofSystem = Object.assign(new Error('no'), { code: 'EROFS', syscall: 'open' });
    const ofNode = Object.assign(new TypeError('no'), { code: 'ERR_INVALID_ARG_TYPE' });
    for (const err of [new TypeError('of undefined'), ofNode, foreseen, ofSystem, null, 'a text'])
      logger.warn({ err }, 'failed');
    expect(lines.map((line) => line.includes('"stack"'))).toEqual([true, true, false, false, false, false]);
    expect(lines[2]).toContain('Too much is asked.');
  });
});
