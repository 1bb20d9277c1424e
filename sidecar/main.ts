#!/usr/bin/env node
/** Entry point: arguments in, exit status out. */
import { outliveOutput } from './cli/io.js';
import { runProgram } from './cli/program.js';
import { blockOtherLoaders } from './image.js';

// Holds for the compute thread too, since the decoder is one for the whole process.
blockOtherLoaders();
outliveOutput();

process.exit(await runProgram(process.argv));
