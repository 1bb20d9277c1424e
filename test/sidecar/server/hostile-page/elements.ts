/** What a document can have fetched for it, or sent. Runs in the browser, sent there as text. */
import type { Attempt, Target } from './ways.js';

/** Points every element that loads anything at every route, and sends forms. All at the same time. */
export async function tryElements({ base, routes, patienceMs }: Target): Promise<Attempt[]> {
  const make = (tag: string, properties: Record<string, string>) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
    return element;
  };
  const link =
    (rel: string, more = {}) =>
    (href: string) =>
      make('link', { rel, href, ...more });
  const elements: Record<string, (url: string) => Element> = {
    img: (src) => make('img', { src }),
    'img, crossorigin': (src) => make('img', { src, crossorigin: 'use-credentials' }),
    'input type=image': (src) => make('input', { type: 'image', src }),
    script: (src) => make('script', { src }),
    'script type=module': (src) => make('script', { type: 'module', src }),
    stylesheet: link('stylesheet'),
    'preload as fetch': link('preload', { as: 'fetch' }),
    'preload as script': link('preload', { as: 'script' }),
    modulepreload: link('modulepreload'),
    prefetch: link('prefetch'),
    manifest: link('manifest'),
    icon: link('icon'),
    video: (src) => make('video', { src, preload: 'auto' }),
    audio: (src) => make('audio', { src, preload: 'auto' }),
    object: (data) => make('object', { data }),
    embed: (src) => make('embed', { src }),
    iframe: (src) => make('iframe', { src }),
    'iframe, sandboxed': (src) => make('iframe', { src, sandbox: 'allow-scripts' }),
  };
  const attempts: Promise<Attempt>[] = [];

  /** What the page can see of a document that it has framed; no more than an empty one, of another origin. */
  const seen = (frame: HTMLIFrameElement): string | undefined => {
    try {
      return frame.contentDocument?.documentElement.outerHTML || undefined;
    } catch {
      return undefined;
    }
  };
  const outcome = (way: string, element: Element) =>
    new Promise<Attempt>((resolve) => {
      const isFrame = ['IFRAME', 'OBJECT', 'EMBED'].includes(element.tagName);
      // Frames report that they have loaded whatever came, a page of the browser's own too.
      element.addEventListener('load', () => {
        resolve({ way, gained: isFrame ? seen(element as HTMLIFrameElement) : 'loaded' });
      });
      element.addEventListener('loadeddata', () => resolve({ way, gained: 'loaded' }));
      element.addEventListener('error', () => resolve({ way }));
      setTimeout(() => resolve({ way }), patienceMs);
      document.body.append(element);
    });

  document.body.append(make('iframe', { name: 'pinged' }));
  for (const path of routes) {
    for (const [way, element] of Object.entries(elements)) {
      attempts.push(outcome(`${way}: ${path}`, element(base + path)));
    }
    const style = document.createElement('style');
    style.textContent = `
      @import url(${base}${path});
      @font-face { font-family: stolen; src: url(${base}${path}); }
      body { background: url(${base}${path}); font-family: stolen; }`;
    attempts.push(outcome(`css import, font and background: ${path}`, style).then(({ way }) => ({ way })));
    const anchor = make('a', { href: 'about:blank', target: 'pinged', ping: base + path });
    document.body.append(anchor);
    (anchor as HTMLAnchorElement).click();
    attempts.push(Promise.resolve({ way: `a ping: ${path}` }));

    for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      const name = `${enctype} ${path}`;
      const frame = make('iframe', { name }) as HTMLIFrameElement;
      document.body.append(frame);
      const form = make('form', { action: base + path, method: 'post', enctype, target: name });
      // As plain text, this is JSON.
      form.append(make('input', { type: 'hidden', name: '{"client":"evil","x":"', value: '"}' }));
      document.body.append(form);
      const way = `form, ${enctype}: ${path}`;
      attempts.push(
        new Promise((resolve) => {
          frame.onload = () => resolve({ way, gained: seen(frame) });
          setTimeout(() => resolve({ way }), patienceMs);
          (form as HTMLFormElement).submit();
        }),
      );
    }
  }
  return Promise.all(attempts);
}

/** Opens the workbench in a window and says things to it. Says what can be learned through its handle. */
export async function tryPopup({ base }: Target): Promise<Attempt[]> {
  const opened = window.open(`${base}/`)!;
  const heard: string[] = [];
  addEventListener('message', ({ data }) => heard.push(JSON.stringify(data)));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const messages = [
    { pluginMessage: { kind: 'selection', selection: { kind: 'none' } } },
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} },
    '#launch=AAAA',
  ];
  for (const message of messages) opened.postMessage(message, '*');
  const read = (way: string, look: () => string | undefined): Attempt => {
    try {
      return { way, gained: look() };
    } catch {
      return { way };
    }
  };
  await new Promise((resolve) => setTimeout(resolve, 200));
  return [
    { way: 'window.open and postMessage', gained: heard[0] },
    read('the opened window’s document', () => opened.document.documentElement.outerHTML),
    read('the opened window’s address', () => opened.location.href),
    read('the opened window’s storage', () => JSON.stringify(opened.localStorage)),
    // A window that keeps its own browsing context group looks closed from outside.
    read('the opened window’s handle', () => (opened.closed ? undefined : `open, ${opened.length} frames`)),
  ];
}
