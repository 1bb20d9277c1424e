/** One thing that doctor looked at. */

/** fail: it will not work. warn: it works, but not as well as it could. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
}
