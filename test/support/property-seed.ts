/**
 * Property tests try the same cases on every run, so that a failure points at the change that made it.
 * PROPERTY_SEED=7 tries others, PROPERTY_SEED=random new ones each time; a failure prints its seed either way.
 */
import fc from 'fast-check';

const asked = process.env['PROPERTY_SEED'] ?? '20261124';

if (asked !== 'random') {
  const seed = Number(asked);
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is ${asked}: give a whole number, or random.`);
  fc.configureGlobal({ seed });
}
