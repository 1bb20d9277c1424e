/** Other tracers, where this machine has them: programs that read a file and write an SVG file. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { NamedMask } from './shapes.js';

/** No mask takes a tracer that long. */
const TIMEOUT_MS = 60_000;

export interface Rival {
  readonly name: string;
  /** Traces a mask in a process of its own. */
  trace(mask: NamedMask): Promise<{ readonly svg: string; readonly ms: number }>;
}

/** @returns Those of potrace and vtracer that are installed; says which are not. */
export function findRivals(folder: string): Rival[] {
  const rivals: Rival[] = [];
  if (runs(folder, 'potrace', ['--version'])) rivals.push(potrace(folder));
  else console.error('trace: potrace is not installed, not compared (Debian: potrace)');
  if (runs(folder, 'python3', ['-c', 'import vtracer'])) rivals.push(vtracer(folder));
  else console.error('trace: vtracer is not installed, not compared (pip install vtracer)');
  return rivals;
}

/** Programs run in the folder: Python would take modules from wherever we happen to be. */
function runs(folder: string, program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', cwd: folder, timeout: TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

function potrace(folder: string): Rival {
  return {
    name: 'potrace -t 0',
    async trace(mask) {
      const [input, output] = [join(folder, 'mask.pbm'), join(folder, 'potrace.svg')];
      writeFileSync(input, toPbm(mask));
      return timeProgram('potrace', ['-t', '0', '-s', '-o', output, input], output);
    },
  };
}

/** Its start is Python's, so it times itself. */
const VTRACER_SCRIPT = `
import sys, time, vtracer
started = time.perf_counter()
vtracer.convert_image_to_svg_py(sys.argv[1], sys.argv[2], colormode='binary', filter_speckle=0)
print((time.perf_counter() - started) * 1000)`;

function vtracer(folder: string): Rival {
  return {
    name: 'vtracer, binary',
    async trace({ mask, width, height }) {
      const [input, output] = [join(folder, 'mask.png'), join(folder, 'vtracer.svg')];
      // It traces what is black.
      const grey = mask.map((value) => (value ? 0 : 255));
      await sharp(grey, { raw: { width, height, channels: 1 } })
        .png()
        .toFile(input);
      const printed = execFileSync('python3', ['-c', VTRACER_SCRIPT, input, output], {
        encoding: 'utf8',
        cwd: folder,
        timeout: TIMEOUT_MS,
      });
      return { svg: readFileSync(output, 'utf8'), ms: Number(printed) };
    },
  };
}

function timeProgram(program: string, args: readonly string[], output: string): { svg: string; ms: number } {
  const started = performance.now();
  execFileSync(program, args, { stdio: 'ignore', timeout: TIMEOUT_MS });
  const ms = performance.now() - started;
  return { svg: readFileSync(output, 'utf8'), ms };
}

/** Portable bitmap: 1 is black, rows padded to bytes. */
function toPbm({ mask, width, height }: NamedMask): Uint8Array {
  const header = new TextEncoder().encode(`P4\n${width} ${height}\n`);
  const stride = Math.ceil(width / 8);
  const bytes = new Uint8Array(header.length + stride * height);
  bytes.set(header);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x]) bytes[header.length + y * stride + (x >> 3)]! |= 128 >> (x & 7);
    }
  }
  return bytes;
}
