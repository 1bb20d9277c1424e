/** `--tolerance`, the same for every command that makes outlines. */
import { InvalidArgumentError, Option } from 'commander';
import { TOLERANCE_RANGE_PX } from '../../protocol/outline.js';

export function toleranceOption(): Option {
  const [least, most] = TOLERANCE_RANGE_PX;
  return new Option(
    '--tolerance <px>',
    'how far the outline may be from the edge: less is closer, more is simpler',
  ).argParser((text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number of pixels from ${least} to ${most}.`);
  });
}
