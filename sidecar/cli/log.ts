/** Where the log goes, and what never shows in it. */
import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { CodedError } from '../../protocol/errors.js';

/**
 * Nothing logs these; should something come to, they still do not show. `code` is a pairing's; a socket's is logged as
 * `closeCode`, an error's shows in `err`.
 */
const SECRETS = [
  ...['token', 'ticket', 'code', 'authorization'],
  ...['*.token', '*.ticket', '*.authorization'],
];

/** A stack is worth its lines only where nobody foresaw an error; those of ours and of the system say all there is to say. */
function briefly(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { stack, ...rest } = pino.stdSerializers.err(error);
  return error instanceof CodedError || 'syscall' in error ? rest : { ...rest, stack };
}

/** @param destination Left out, standard error, and nothing once that cannot be written any more. */
export function createLogger(level: string, destination: DestinationStream = standardError()): Logger {
  return pino({ level, redact: SECRETS, serializers: { err: briefly } }, destination);
}

function standardError(): DestinationStream {
  const stream = pino.destination({ fd: 2, sync: true });
  // A full disk or a closed terminal must not end what is logged about.
  stream.on('error', () => undefined);
  return stream;
}
