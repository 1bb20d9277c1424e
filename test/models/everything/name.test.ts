import { describe, expect, it } from 'vitest';
import { nameColour } from '../../../models/everything/colour.js';
import { nameMask } from '../../../models/everything/name.js';

describe('nameColour', () => {
  it.each([
    ['black', 0x000000],
    ['dark grey', 0x404040],
    ['grey', 0x808080],
    ['light grey', 0xc8c8c8],
    ['white', 0xffffff],
    ['white', 0xfffaf0],
    ['red', 0xff0000],
    ['red', 0xc8322b],
    ['dark red', 0x700000],
    ['pink', 0xe75480],
    ['light pink', 0xffc0cb],
    ['orange', 0xff8c00],
    ['orange', 0xffa500],
    ['brown', 0x6b4423],
    ['brown', 0x9b7653],
    ['ochre', 0xdaa520],
    ['peach', 0xffdab9],
    ['yellow', 0xffff00],
    ['yellow', 0xffd700],
    ['light yellow', 0xfff8b0],
    ['sand', 0xf4e1b0],
    ['olive', 0x808000],
    ['green', 0x00b000],
    ['green', 0x00ff00],
    ['dark green', 0x004d00],
    ['teal', 0x008080],
    ['cyan', 0x00ffff],
    ['light cyan', 0xc0f0f8],
    ['blue', 0x0000ff],
    ['blue', 0x2b6cc8],
    ['dark blue', 0x000080],
    ['light blue', 0xadd8f0],
    ['light blue', 0x87ceeb],
    ['purple', 0x8a2be2],
    ['purple', 0x800080],
    ['lilac', 0xd8c0f0],
    ['magenta', 0xff00ff],
  ] as const)('calls %s what people call so (%#)', (name, colour) => {
    expect(nameColour([colour >> 16, (colour >> 8) & 255, colour & 255])).toBe(name);
  });

  it('has a name for every colour', () => {
    for (let r = 0; r <= 255; r += 15) {
      for (let g = 0; g <= 255; g += 15) {
        for (let b = 0; b <= 255; b += 15) expect(nameColour([r, g, b])).toMatch(/^[a-z]+( [a-z]+)?$/);
      }
    }
  });
});

describe('nameMask', () => {
  /** Two samples, one red and one blue; masks hold either or none. */
  const colours = Uint8Array.of(200, 30, 30, 43, 108, 200);
  const blue = { bits: Uint32Array.of(0b10), count: 1 };

  it('says where, what colour and how much of the image, in whole per cent', () => {
    expect(nameMask(12, 0.041, blue, colours)).toBe('Region 12 · blue · 4 %');
    expect(nameMask(1, 1, { bits: Uint32Array.of(0b01), count: 1 }, colours)).toBe('Region 1 · red · 100 %');
  });

  it('says of small ones that they are small', () => {
    expect(nameMask(3, 0.0042, blue)).toBe('Region 3 · 0.4 %');
    expect(nameMask(3, 0.00002, blue)).toBe('Region 3 · under 0.1 %');
  });

  it('names no colour when it knows no pixel, or when the mask covers no sample', () => {
    expect(nameMask(3, 0.1, blue)).toBe('Region 3 · 10 %');
    expect(nameMask(3, 0.1, { bits: new Uint32Array(1), count: 0 }, colours)).toBe('Region 3 · 10 %');
  });
});
