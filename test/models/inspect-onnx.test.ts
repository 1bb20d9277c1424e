import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findModel } from '../../models/catalog.js';
import { inspectOnnx as inspect } from '../../models/inspect-onnx.js';
import { readVerified } from '../../models/store-node.js';
import { CodedError } from '../../protocol/errors.js';
import { external, floats, message, tensor, tinyEncoder, tinyModel } from '../support/tiny-onnx.js';

const inspectOnnx = (bytes: Uint8Array) => inspect(bytes, 'encoder.onnx');
const refused = (what: RegExp) =>
  expect.objectContaining({ code: 'MODEL_REFUSED', message: expect.stringMatching(what) });

describe('inspectOnnx', () => {
  it('lets plain graphs through, the product’s own among them', async () => {
    const entry = findModel();
    inspectOnnx(tinyModel());
    inspectOnnx(tinyEncoder());
    inspectOnnx(await readVerified(entry, entry.files.encoder));
    inspectOnnx(await readVerified(entry, entry.files.decoder));
  });

  const subgraph = message([2, 'inner']);
  it.each([
    ['weights in another file', tinyModel({ weight: tensor('w', [4], ...external('w.bin')) }), /other files/],
    [
      'weights that only claim to be elsewhere',
      tinyModel({ weight: tensor('w', [4], [14, 1]) }),
      /other files/,
    ],
    [
      'weights at an address in memory',
      tinyModel({ weight: tensor('w', [4], ...external('*/_ORT_MEM_ADDR_/*')) }),
      /other files/,
    ],
    [
      'such weights in a constant',
      tinyModel({ node: [[5, message([1, 'value'], [5, tensor('', [4], ...external('/etc/passwd'))])]] }),
      /other files/,
    ],
    [
      'such weights in a list of constants',
      tinyModel({ node: [[5, message([10, tensor('', [4], ...external('w.bin'))])]] }),
      /other files/,
    ],
    [
      'such weights in a sparse tensor',
      tinyModel({ graph: [[15, message([1, tensor('', [4], ...external('w.bin'))])]] }),
      /other files/,
    ],
    [
      'a second graph, hidden behind the first',
      tinyModel({ model: [[7, message([5, tensor('v', [4], ...external('w.bin'))])]] }),
      /other files/,
    ],
    ['a loop', tinyModel({ node: [[5, message([1, 'body'], [6, subgraph])]] }), /graphs within/],
    ['branches', tinyModel({ node: [[5, message([1, 'branches'], [11, subgraph])]] }), /graphs within/],
    ['functions of its own', tinyModel({ model: [[25, message([1, 'f'])]] }), /functions/],
    ['graphs for training', tinyModel({ model: [[20, message([1, subgraph])]] }), /train/],
    ['operators of a library', tinyModel({ node: [[7, 'evil.test']] }), /operators/],
    [
      'a compiled graph in another file',
      tinyModel({ operator: 'EPContext', node: [[7, 'com.microsoft']] }),
      /operators/,
    ],
    ['the runtime’s other format', new TextEncoder().encode('\x08\x08..ORTM and more'), /format/],
    ['a text', new TextEncoder().encode('<!doctype html>'), /^encoder\.onnx is not an ONNX/],
    ['a file cut short', tinyModel().subarray(0, -9), /^encoder\.onnx is not an ONNX/],
  ])('refuses %s', (_what, bytes, why) => {
    expect(() => inspectOnnx(bytes)).toThrow(refused(why));
  });

  it('says that something is wrong, and nothing else, of whatever bytes', () => {
    const good = tinyModel({ weight: tensor('w', [4], floats([1, 2, 3, 4])) });
    const mutant = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 12 }), fc.nat(12))
      .map(([at, put, gone]) => Buffer.concat([good.subarray(0, at), put, good.subarray(at + gone)]));
    fc.assert(
      fc.property(fc.oneof(mutant, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          inspectOnnx(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
