/** Random masks for property tests: noise of any density, and smooth blobs, which look more like real ones. */
import fc from 'fast-check';
import type { TextMask } from './text-mask.js';

export const noiseMask: fc.Arbitrary<TextMask> = fc
  .tuple(
    fc.integer({ min: 1, max: 14 }),
    fc.integer({ min: 1, max: 14 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .chain(([width, height, density]) =>
    fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values) => ({
        size: { width, height },
        mask: Uint8Array.from(values, (value) => (value < density ? 1 : 0)),
      })),
  );

export const blobMask: fc.Arbitrary<TextMask> = fc
  .record({
    side: fc.integer({ min: 30, max: 90 }),
    radius: fc.double({ min: 0.2, max: 0.6, noNaN: true }),
    waves: fc.array(
      fc.record({
        phase: fc.double({ min: 0, max: 6.3, noNaN: true }),
        size: fc.double({ min: 0, max: 0.25, noNaN: true }),
      }),
      { minLength: 2, maxLength: 7 },
    ),
  })
  .map(({ side, radius, waves }) => {
    const mask = new Uint8Array(side * side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [dx, dy] = [x + 0.5 - side / 2, y + 0.5 - side / 2];
        const angle = Math.atan2(dy, dx);
        const edge = waves.reduce(
          (sum, wave, k) => sum + wave.size * Math.cos((k + 1) * angle + wave.phase),
          1,
        );
        mask[y * side + x] = Math.hypot(dx, dy) < side * radius * edge ? 1 : 0;
      }
    }
    return { size: { width: side, height: side }, mask };
  });
