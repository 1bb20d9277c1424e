/** How much memory all messages together may take that have not been answered, or not all come, or not all gone. */
import type { Disposable } from 'vscode-jsonrpc';

/** Something that takes memory for a client. */
export interface Share extends Disposable {
  /** Takes this much from now on; whoever has most is evicted until everything fits. */
  resize(bytes: number): void;
}

interface Holder {
  readonly client: string;
  /** Gives the memory up. */
  readonly evict: () => void;
  readonly measure: (() => number) | undefined;
  bytes: number;
}

export class ByteBudget {
  private readonly holders = new Set<Holder>();
  private total = 0;

  constructor(private readonly maxBytes: number) {}

  /** Bytes taken now. */
  get used(): number {
    return this.total;
  }

  /**
   * Opens a share of nothing.
   *
   * @param evict Called at most once, when this is the largest share of the client that takes most.
   * @param measure What it takes by now, where that shrinks without a word.
   */
  open(client: string, evict: () => void, measure?: () => number): Share {
    const holder: Holder = { client, evict, measure, bytes: 0 };
    this.holders.add(holder);
    return {
      resize: (bytes) => {
        if (!this.holders.has(holder)) return;
        const grows = bytes > holder.bytes;
        this.set(holder, bytes);
        if (grows) this.enforce();
      },
      dispose: () => this.drop(holder),
    };
  }

  /**
   * Opens a share of a size at once, where there is room for it.
   *
   * @param evict As above, for what happens after this has returned.
   * @returns Nothing when this share itself is what would have to go.
   */
  tryOpen(client: string, bytes: number, evict: () => void): Share | undefined {
    let isOpen = false;
    let isRefused = false;
    const share = this.open(client, () => {
      if (isOpen) evict();
      else isRefused = true;
    });
    share.resize(bytes);
    isOpen = true;
    return isRefused ? undefined : share;
  }

  private drop(holder: Holder): void {
    if (this.holders.delete(holder)) this.total -= holder.bytes;
  }

  private set(holder: Holder, bytes: number): void {
    this.total += bytes - holder.bytes;
    holder.bytes = bytes;
  }

  private enforce(): void {
    if (this.total <= this.maxBytes) return;
    for (const holder of this.holders) if (holder.measure) this.set(holder, holder.measure());
    while (this.total > this.maxBytes) {
      const largest = this.largest();
      this.drop(largest);
      largest.evict();
    }
  }

  /** The largest share of the client that takes most, so that many small ones spare nobody. */
  private largest(): Holder {
    const byClient = new Map<string, number>();
    for (const { client, bytes } of this.holders) {
      byClient.set(client, (byClient.get(client) ?? 0) + bytes);
    }
    const [greediest] = [...byClient].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
    const theirs = [...this.holders].filter(({ client }) => client === greediest);
    return theirs.reduce((most, holder) => (holder.bytes > most.bytes ? holder : most));
  }
}
