#!/usr/bin/env node
/** Entry point: arguments in, exit status out. */
import { runProgram } from './cli/program.js';

process.exit(await runProgram(process.argv));
