import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { cancelledError, CodedError } from '../../../protocol/errors.js';
import { Metrics } from '../../../sidecar/observe/metrics.js';
import { Requests } from '../../../sidecar/observe/requests.js';

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

function start() {
  const lines: { level: string; request: string; outcome?: string }[] = [];
  const write = (line: string) => {
    const { level, ...rest } = JSON.parse(line);
    lines.push({ level: LEVELS[level]!, ...rest });
  };
  const requests = new Requests(new Metrics(), pino({ level: 'trace' }, { write }));
  return { requests, lines };
}

describe('requests', () => {
  it.each([
    ['debug', 'ok', undefined],
    ['debug', 'CANCELLED', cancelledError()],
    ['info', 'BUSY', new CodedError('BUSY', 'Too much.', 'Wait.')],
    ['info', 'PROMPT_OUTSIDE', new CodedError('PROMPT_OUTSIDE', 'Outside.', 'Click inside.')],
    ['warn', 'FILE_READ', new CodedError('FILE_READ', 'Cannot read.', 'Try again.')],
    ['error', 'INTERNAL', new TypeError('broke')],
  ])('end in the log at level %s when the outcome is %s', (level, outcome, error) => {
    const { requests, lines } = start();
    requests.begin('mask/predict').finish(error);
    expect(lines.at(-1)).toMatchObject({
      level,
      method: 'mask/predict',
      ...(level !== 'error' && { outcome }),
    });
    expect(requests.outcomes).toEqual({ [outcome]: 1 });
  });

  it('never tell the words of an error that was foreseen: they may name what was sent', () => {
    const { requests, lines } = start();
    requests.begin('image/open').finish(new CodedError('FILE_READ', 'photo.png is gone.', 'Find photo.png.'));
    expect(JSON.stringify(lines)).not.toContain('photo');
  });

  it('are remembered for a crash report, the latest twenty, with those still running', () => {
    const { requests } = start();
    for (let i = 0; i < 25; i++) requests.begin(`method ${i}`).finish();
    requests.begin('mask/predict');
    expect(requests.recent).toHaveLength(20);
    expect(requests.recent[0]).toMatchObject({ method: 'method 6', outcome: 'ok' });
    expect(requests.recent.at(-1)).toMatchObject({ method: 'mask/predict', outcome: 'running' });
  });

  it('end once', async () => {
    const { requests } = start();
    const watch = requests.begin('shutdown');
    watch.finish();
    watch.finish(new Error('late'));
    expect(requests.outcomes).toEqual({ ok: 1 });
    expect(await requests.metrics.toText()).toContain('cutline_requests_in_flight{method="shutdown"} 0');
  });

  it('have ids of their own', () => {
    const { requests } = start();
    const ids = new Set(Array.from({ length: 50 }, () => requests.begin('export').id));
    expect(ids.size).toBe(50);
  });
});
