/**
 * Looks for what a person could not use: things cut off, text too small or too faint, controls without a name.
 * Runs in the page, so it must not refer to anything outside itself.
 *
 * @returns One line a fault.
 */
export function findFaults(): string[] {
  type Rgba = readonly [number, number, number, number];
  const faults: string[] = [];
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;

  /** Any CSS colour as the browser paints it. */
  const paint = (color: string): Rgba => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r!, g!, b!, a! / 255];
  };
  const over = (top: Rgba, below: Rgba): Rgba => {
    const mix = (i: 0 | 1 | 2) => top[i] * top[3] + below[i] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const groundOf = (element: Element | null): Rgba => {
    if (!element) return [255, 255, 255, 1];
    const own = paint(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, groundOf(element.parentElement));
  };
  /** WCAG 2, relative luminance. */
  const luminance = ([r, g, b]: Rgba) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x! + 0.7152 * y! + 0.0722 * z!;
  };
  const contrast = (a: Rgba, b: Rgba) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high! + 0.05) / (low! + 0.05);
  };

  const isHidden = (element: Element) =>
    !element.checkVisibility() || element.closest('.spoken, [aria-hidden]');
  for (const element of document.querySelectorAll('.app *')) {
    if (isHidden(element)) continue;
    const text =
      [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent?.trim()).length > 0;
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} ${element.textContent?.slice(0, 20)}`;
    const { right, bottom, left, top } = element.getBoundingClientRect();
    const scrolls = element.closest('.empty, .panel, .title, .progress, .batch-list, .stage-canvas > canvas');
    if (!scrolls && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1)) {
      faults.push(`cut off: ${name}`);
    }
    if (text) {
      const style = getComputedStyle(element);
      if (parseFloat(style.fontSize) < 11) faults.push(`small: ${name} ${style.fontSize}`);
      const ground = groundOf(element);
      const ratio = contrast(over(paint(style.color), ground), ground);
      if (ratio < 4.5 && !element.closest(':disabled')) faults.push(`faint: ${name} ${ratio.toFixed(2)}`);
    }
    if (element.matches('button, input, [tabindex]') && !element.matches('[hidden]')) {
      const label = element.closest('label')?.textContent?.trim();
      if (!element.textContent?.trim() && !element.getAttribute('aria-label') && !label)
        faults.push(`no name: ${name}`);
    }
  }
  for (const row of document.querySelectorAll('.header, .tools, .candidates, .delivery, .notice, .panel')) {
    if (row.scrollWidth > row.clientWidth + 1) faults.push(`overflows: ${row.className}`);
  }
  const stage = document.querySelector('.stage');
  if (stage && stage.clientHeight < 200) faults.push(`image squeezed to ${stage.clientHeight} px`);
  const panel = document.querySelector('.panel');
  if (panel && panel.getBoundingClientRect().bottom > innerHeight + 1) faults.push('panel leaves the window');
  return faults;
}
