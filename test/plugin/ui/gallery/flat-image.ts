/** The sample's things in a few flat colours: pictures of it are small, and the same however it is scaled. */
const SIZE = { width: 1200, height: 800 };
/** Centre, radius and colour of the plate, donut, its hole, cup, apple and two oranges. */
const DISCS = [
  [318, 421, 216, '#f4f4f4'],
  [318, 421, 118, '#e88ba0'],
  [318, 424, 40, '#f4f4f4'],
  [600, 245, 96, '#4a2c20'],
  [944, 194, 100, '#d0342c'],
  [905, 520, 92, '#f08a24'],
  [1060, 470, 84, '#f5a742'],
] as const;

/** @returns A PNG file. */
export async function paintFlatImage(): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#b98e5f';
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  for (const [x, y, radius, color] of DISCS) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  const file = await canvas.convertToBlob();
  return new Uint8Array(await file.arrayBuffer());
}
