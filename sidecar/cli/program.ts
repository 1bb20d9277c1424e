/** The command line: its commands, its help, and what becomes of errors. */
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { CodedError } from '../../protocol/errors.js';
import type { ErrorName } from '../../protocol/errors.js';
import { allCommand } from './all.js';
import { clientsCommand } from './clients.js';
import { cutCommand } from './cut.js';
import { doctorCommand } from './doctor.js';
import { evalCommand } from './eval.js';
import { INTERRUPTED_STATUS } from './interruption.js';
import { serveCommand } from './serve.js';
import { traceCommand } from './trace.js';

/** Exit statuses that scripts can rely on. */
const EXIT = { done: 0, failed: 1, usage: 2, cancelled: INTERRUPTED_STATUS } as const;

/** Faults that are not the caller's; everything else is wrong usage or bad input. */
const OUR_FAULTS: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'INTERNAL',
  'FILE_WRITE',
  'PORT_BUSY',
  'MODEL_MISSING',
  'MODEL_CHECKSUM',
  'DEVICE_UNAVAILABLE',
  'BUSY',
  'DEADLINE',
]);

/**
 * Runs one command.
 *
 * @param argv `process.argv`.
 * @returns The exit status.
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv);
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return reportError(error);
  }
}

function createProgram(): Command {
  const program = new Command('cutline')
    .description('Turns what is in an image into editable outlines, on this machine alone.')
    .version(packageJson.version)
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what it takes)');
  const commands = [
    cutCommand(),
    allCommand(),
    traceCommand(),
    serveCommand(),
    clientsCommand(),
    evalCommand(),
    doctorCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  // Commander copies this setting only to commands that it creates itself.
  for (const command of [program, ...commands, ...commands.flatMap((command) => command.commands)]) {
    command.exitOverride();
  }
  return program;
}

function reportError(error: unknown): number {
  // Commander has said what was wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof CodedError)) {
    console.error(`Something went wrong that should not: ${error instanceof Error ? error.message : error}`);
    console.error('Run cutline doctor; if it finds nothing, please report this.');
    return EXIT.failed;
  }
  if (error.code === 'CANCELLED') return EXIT.cancelled;
  console.error(`${error.message}\n${error.hint}`);
  return OUR_FAULTS.has(error.code) ? EXIT.failed : EXIT.usage;
}
