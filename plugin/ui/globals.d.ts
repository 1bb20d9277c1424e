/** Filled in by the build. */

/** Version of the package. */
declare const __VERSION__: string;

declare module '*.css';
declare module '*.png?inline' {
  /** A base64 data address. */
  const url: string;
  export { url as default };
}

/** A worker whose code is part of the page; Vite makes it. */
declare module '*?worker&inline' {
  const InlineWorker: new () => Worker;
  export { InlineWorker as default };
}
