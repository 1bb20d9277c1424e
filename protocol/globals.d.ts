/**
 * The few globals that Node, browsers and workers share and that our shared code may use.
 * `protocol/` and `models/` are checked against these alone, so neither can come to need a DOM or Node.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare const performance: { now(): number };
declare function atob(text: string): string;
declare function btoa(binary: string): string;
