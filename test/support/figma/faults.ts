/** What the pretended Figma lets go wrong: counts the calls of its API, and has one of them fail, or more. */

/** One call, or one property of a node that was read or set. */
export interface ApiCall {
  /** "exportAsync", "get_width", "set_fills" */
  readonly name: string;
  /** Whether it is refused in a file that is read-only. */
  readonly changes: boolean;
}

/** `at` counts the calls from the moment on when the fault is arranged. */
export type Fault =
  /** This call alone fails. */
  | { readonly kind: 'once'; readonly at: number }
  /** From this call on the document can be changed no more. */
  | { readonly kind: 'readOnly'; readonly at: number }
  /** Every call of this name fails. */
  | { readonly kind: 'broken'; readonly name: string }
  /** Somebody deletes a node before this call looks at the document, or while its answer is on the way. */
  | {
      readonly kind: 'removal';
      readonly at: number;
      readonly nodeId: string;
      readonly when: 'before' | 'after';
    };

export class CallLog {
  /** Since the latest fault was arranged; nothing before the first. */
  calls: ApiCall[] = [];
  private fault: Fault | undefined;
  private isCounting = false;

  /** @param remove Deletes a node for a person, if it is still there. */
  constructor(private readonly remove: (nodeId: string) => void) {}

  /** Forgets the calls so far. @param fault None to count alone. */
  arrange(fault: Fault | undefined): void {
    this.calls = [];
    this.fault = fault;
    this.isCounting = true;
  }

  /**
   * Makes one call, or one of its faults.
   *
   * @throws Error as Figma's own are worded.
   */
  make<T>(name: string, changes: boolean, run: () => T): T {
    const isNow = this.count(name, changes);
    const { fault } = this;
    if (!isNow || fault?.kind !== 'removal') return run();
    if (fault.when === 'before') this.remove(fault.nodeId);
    const result = run();
    if (fault.when === 'after') this.remove(fault.nodeId);
    return result;
  }

  /** @returns Whether the fault that was arranged concerns this call. */
  private count(name: string, changes: boolean): boolean {
    if (!this.isCounting) return false;
    const number = this.calls.push({ name, changes }) - 1;
    const { fault } = this;
    if (!fault) return false;
    if (fault.kind === 'broken') {
      if (fault.name === name) throw new Error(`in ${name}: Made to fail by the test`);
      return false;
    }
    if (fault.kind === 'once' && number === fault.at) throw new Error(`in ${name}: Made to fail by the test`);
    if (fault.kind === 'readOnly' && changes && number >= fault.at) {
      throw new Error(`in ${name}: The file is read-only`);
    }
    return number === fault.at;
  }
}
