/** All scenes on one sheet, each with its name below: what the interface can look like, for README.md. */
import sharp from 'sharp';

interface NamedPicture {
  readonly scene: string;
  /** A PNG file. */
  readonly picture: Buffer;
}

const COLUMNS = 8;
const PICTURE = { width: 280, height: 448 };
const GAP = 16;
const NAME_HEIGHT = 24;
const COLORS = {
  light: { ground: '#d9d9d9', name: '#1a1a1a' },
  dark: { ground: '#111111', name: '#ffffff' },
} as const;

export async function writeContactSheet(
  path: string,
  theme: 'light' | 'dark',
  pictures: readonly NamedPicture[],
): Promise<void> {
  const { ground, name: ink } = COLORS[theme];
  const [stepX, stepY] = [PICTURE.width + GAP, PICTURE.height + NAME_HEIGHT + GAP];
  const width = COLUMNS * stepX + GAP;
  const height = Math.ceil(pictures.length / COLUMNS) * stepY + GAP;
  const places = pictures.map((_, i) => ({
    left: GAP + (i % COLUMNS) * stepX,
    top: GAP + Math.floor(i / COLUMNS) * stepY,
  }));
  const tiles = pictures.map(async ({ picture }, i) => ({
    input: await sharp(picture).resize(PICTURE).png().toBuffer(),
    ...places[i]!,
  }));
  const names = pictures.map(({ scene }, i) => {
    const { left, top } = places[i]!;
    const [x, y] = [left + PICTURE.width / 2, top + PICTURE.height + 17];
    return `<text x="${x}" y="${y}" text-anchor="middle">${scene}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <g font-family="Helvetica, Arial, sans-serif" font-size="14" fill="${ink}">${names.join('')}</g></svg>`;
  await sharp({ create: { width, height, channels: 3, background: ground } })
    .composite([...(await Promise.all(tiles)), { input: Buffer.from(svg), left: 0, top: 0 }])
    .webp({ quality: 36, effort: 6 })
    .toFile(path);
}
