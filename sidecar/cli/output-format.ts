/** What `cut` and `all` write, by flags and file names. */
import { extname } from 'node:path';
import { CodedError } from '../../protocol/errors.js';

interface OutputFlags<F> {
  readonly format?: F;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * The format that was asked for, or that the file's name tells; SVG on standard output.
 *
 * @param byExtension Formats by extension: `.svg`.
 * @throws CodedError USAGE when the name tells nothing, or JSON is to share standard output with another format.
 */
export function outputFormat<F extends string>(
  { format, out, json }: OutputFlags<F>,
  byExtension: Readonly<Record<string, F>>,
): F | 'svg' {
  if (json && format && out === undefined) {
    throw new CodedError('USAGE', '--json prints its own format.', 'Add --out for the other one.');
  }
  if (format) return format;
  if (out === undefined) return 'svg';
  const told = byExtension[extname(out).toLowerCase()];
  if (told) return told;
  throw new CodedError('USAGE', `The name ${out} does not tell a format.`, 'Say --format svg, for instance.');
}
