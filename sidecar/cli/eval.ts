/** `cutline eval`: how good the product is, measured where the truth is known. */
import { Command } from 'commander';
import { clicksCommand } from './eval-clicks.js';
import { edgesCommand } from './eval-edges.js';
import { traceCommand } from './eval-trace.js';

export function evalCommand(): Command {
  return new Command('eval')
    .description('measure how good the answers are, where the truth is known')
    .addCommand(clicksCommand())
    .addCommand(edgesCommand())
    .addCommand(traceCommand());
}
