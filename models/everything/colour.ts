/** Colours in words. */

/** Red, green and blue in 0–255. */
export type Rgb = readonly [number, number, number];

/** Below this chroma a colour is a grey. */
const LEAST_CHROMA = 0.035;
/** Below this chroma warm colours that are not light are those of wood and earth. */
const EARTHY_CHROMA = 0.1;
const WARM_HUES = [12, 118] as const;
const DARK_EARTH = 0.42;
/** Greys by lightness: up to each, its name. */
const GREYS: readonly (readonly [number, string])[] = [
  [0.28, 'black'],
  [0.5, 'dark grey'],
  [0.72, 'grey'],
  [0.9, 'light grey'],
  [Infinity, 'white'],
];
/** Hues by angle in degrees: up to each, the lightness below which it is dark, and its names dark, middling and pale. */
const HUES: readonly (readonly [number, number, string, string, string])[] = [
  [12, 0.42, 'dark red', 'pink', 'light pink'],
  [38, 0.42, 'dark red', 'red', 'light red'],
  [72, 0.62, 'brown', 'orange', 'peach'],
  [92, 0.5, 'dark brown', 'ochre', 'sand'],
  [118, 0.62, 'olive', 'yellow', 'light yellow'],
  [160, 0.42, 'dark green', 'green', 'light green'],
  [190, 0.42, 'dark teal', 'teal', 'light teal'],
  [217, 0.6, 'teal', 'cyan', 'light cyan'],
  [285, 0.36, 'dark blue', 'blue', 'light blue'],
  [325, 0.36, 'dark purple', 'purple', 'lilac'],
  [350, 0.44, 'purple', 'magenta', 'light pink'],
  [360, 0.42, 'dark red', 'pink', 'light pink'],
];
/** Pale is what is lighter than this, and less colourful: pure yellow is light, yet nothing but yellow. */
const LIGHT = 0.8;
const PALE_CHROMA = 0.15;

/** @returns An English name for a colour: "blue", "light grey". */
export function nameColour(rgb: Rgb): string {
  const { lightness, a, b } = toOklab(rgb);
  const chroma = Math.hypot(a, b);
  if (chroma < LEAST_CHROMA) return GREYS.find(([most]) => lightness <= most)![1];
  const hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  const isWarm = hue > WARM_HUES[0] && hue <= WARM_HUES[1];
  if (isWarm && chroma < EARTHY_CHROMA && lightness <= LIGHT) {
    return lightness < DARK_EARTH ? 'dark brown' : 'brown';
  }
  const [, darkBelow, dark, middling, pale] = HUES.find(([end]) => hue <= end)!;
  if (lightness < darkBelow) return dark;
  return lightness > LIGHT && chroma < PALE_CHROMA ? pale : middling;
}

/** @source Björn Ottosson, A perceptual color space for image processing, 2020. */
function toOklab(rgb: Rgb): { readonly lightness: number; readonly a: number; readonly b: number } {
  const [red, green, blue] = rgb.map(toLinear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

/** sRGB → linear light. */
function toLinear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
