import { describe, expect, it } from 'vitest';
import { fieldFromMask, sampleField } from '../../models/logit-field.js';

describe('sampleField', () => {
  const field = {
    logits: Float32Array.of(0, 1, 2, 3),
    columns: 2,
    rows: 2,
    originX: 10,
    originY: 10,
    stepX: 4,
    stepY: 4,
    image: { width: 100, height: 100 },
  };

  it('returns the samples at their own places', () => {
    expect(sampleField(field, 10, 10)).toBe(0);
    expect(sampleField(field, 14, 10)).toBe(1);
    expect(sampleField(field, 10, 14)).toBe(2);
    expect(sampleField(field, 14, 14)).toBe(3);
  });

  it('is bilinear between them and constant past the last', () => {
    expect(sampleField(field, 12, 12)).toBe(1.5);
    expect(sampleField(field, 0, 0)).toBe(0);
    expect(sampleField(field, 99, 12)).toBe(2);
  });

  it('reads a field of one row', () => {
    const row = { ...field, rows: 1, logits: Float32Array.of(5, 7) };
    expect(sampleField(row, 12, 50)).toBe(6);
  });
});

describe('fieldFromMask', () => {
  it('puts a sample on each pixel centre', () => {
    const field = fieldFromMask(Uint8Array.of(0, 1, 1, 0), { width: 2, height: 2 });
    expect(sampleField(field, 1.5, 0.5)).toBe(0.5);
    expect(sampleField(field, 0.5, 0.5)).toBe(-0.5);
    expect(sampleField(field, 1, 0.5)).toBe(0);
  });
});
