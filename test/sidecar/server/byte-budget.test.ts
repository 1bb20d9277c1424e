import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../sidecar/server/byte-budget.js';

function start(maxBytes: number) {
  const budget = new ByteBudget(maxBytes);
  const evicted: string[] = [];
  const open = (client: string, name: string) => budget.open(client, () => void evicted.push(name));
  return { budget, evicted, open };
}

describe('the budget of bytes', () => {
  it('evicts the largest share of the client that takes most, not of whoever came last', () => {
    const { budget, evicted, open } = start(100);
    open('greedy', 'small').resize(30);
    open('greedy', 'large').resize(40);
    // Larger than either of the greedy one's, which takes more all the same.
    open('modest', 'only').resize(45);
    expect(evicted).toEqual(['large']);
    expect(budget.used).toBe(75);
  });

  it('has room again for what was disposed of, once', () => {
    const { budget, evicted, open } = start(100);
    const share = open('a', 'first');
    share.resize(90);
    share.dispose();
    share.dispose();
    share.resize(90);
    open('a', 'second').resize(90);
    expect(evicted).toEqual([]);
    expect(budget.used).toBe(90);
  });

  it('evicts even what is alone, when it is larger than everything may be', () => {
    const { budget, evicted, open } = start(100);
    open('a', 'huge').resize(101);
    expect(evicted).toEqual(['huge']);
    expect(budget.used).toBe(0);
  });

  it('measures anew what shrinks without a word before it evicts anyone', () => {
    const budget = new ByteBudget(100);
    let left = 80;
    const evicted: string[] = [];
    budget
      .open(
        'a',
        () => void evicted.push('a'),
        () => left,
      )
      .resize(80);
    left = 10;
    budget.open('b', () => void evicted.push('b')).resize(80);
    expect(evicted).toEqual([]);
  });
});
