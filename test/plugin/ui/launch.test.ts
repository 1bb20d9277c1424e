import { expect, it } from 'vitest';
import { takeLaunchTicket } from '../../../plugin/workbench/launch.js';

function pageAt(hash: string) {
  const addresses: string[] = [];
  const page = {
    location: { hash, pathname: '/', search: '' },
    history: { replaceState: (_state: unknown, _title: string, address: string) => addresses.push(address) },
  };
  return { page: page as unknown as Window, addresses };
}

it('takes the ticket and cleans the address at once', () => {
  const { page, addresses } = pageAt('#launch=one-time');
  expect(takeLaunchTicket(page)).toBe('one-time');
  expect(addresses).toEqual(['/']);
});

it('leaves any other address alone', () => {
  const { page, addresses } = pageAt('#elsewhere');
  expect(takeLaunchTicket(page)).toBeUndefined();
  expect(addresses).toEqual([]);
});
