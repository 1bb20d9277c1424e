#!/usr/bin/env node
/** Entry point: arguments in, exit status out. */
import { runProgram } from './cli/program.js';
import { blockOtherLoaders } from './image.js';

// Holds for the compute thread too, since the decoder is one for the whole process.
blockOtherLoaders();

process.exit(await runProgram(process.argv));
