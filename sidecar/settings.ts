/** Where things are kept and what is wished for: a flag beats the environment, which beats the settings file. */
import envPaths from 'env-paths';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DEVICE_CHOICES } from '../models/device-node.js';
import { CodedError } from '../protocol/errors.js';

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

const settingsSchema = z.object({
  device: z.enum(DEVICE_CHOICES).default('auto'),
  log: z.enum(LOG_LEVELS).default('warn'),
  model: z.string().min(1).optional(),
});

export interface Settings extends Omit<z.infer<typeof settingsSchema>, 'model'> {
  /** Folder of a model of one’s own, absolute; left out, the product’s. */
  readonly model?: string;
  /** CUTLINE_HOME: caches, rewired models, paired clients, settings.json. */
  readonly home: string;
}

/** What flags may say; undefined means that nothing was said. */
export interface SettingFlags {
  readonly device?: string | undefined;
  readonly model?: string | undefined;
}

/**
 * @param environment `process.env`.
 * @throws CodedError USAGE when a value is not one of those allowed, or settings.json is not JSON.
 */
export function readSettings(environment: NodeJS.ProcessEnv, flags: SettingFlags = {}): Settings {
  const home = resolve(environment['CUTLINE_HOME'] || envPaths('cutline', { suffix: '' }).data);
  const file = readSettingsFile(join(home, 'settings.json'));
  const wished: Record<string, unknown> = {
    ...file,
    // What a file names lies beside it, whatever folder a command is run in.
    ...(typeof file['model'] === 'string' && { model: resolve(home, file['model']) }),
    ...given({
      device: environment['CUTLINE_DEVICE'],
      log: environment['CUTLINE_LOG'],
      model: environment['CUTLINE_MODEL'],
    }),
    ...given({ device: flags.device, model: flags.model }),
  };
  const parsed = settingsSchema.safeParse(wished);
  if (parsed.success) {
    const { model, ...rest } = parsed.data;
    return { home, ...rest, ...(model !== undefined && { model: resolve(model) }) };
  }
  const [name] = parsed.error.issues[0]!.path as ['device' | 'log' | 'model'];
  throw new CodedError(
    'USAGE',
    `The setting ${name} is ${JSON.stringify(wished[name])}, which is not one of its values.`,
    `Use ${{ device: DEVICE_CHOICES, log: LOG_LEVELS, model: ['a folder'] }[name].join(', ')}.`,
  );
}

function readSettingsFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Most people never make one.
    return {};
  }
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new CodedError('USAGE', 'settings.json is not a JSON object.', `Correct or remove ${path}.`, {
      cause,
    });
  }
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
