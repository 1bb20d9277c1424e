/** Property tests run the same cases each time; PROPERTY_SEED explores others. A failure prints its seed either way. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 20261124) });
