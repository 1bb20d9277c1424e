/** `cutline clients`: who is paired with this machine's sidecars, and how to end it. */
import { Command } from 'commander';
import { CodedError } from '../../protocol/errors.js';
import { TokenStore } from '../server/tokens.js';
import type { Client } from '../server/tokens.js';
import { readSettings } from '../settings.js';
import { print } from './io.js';
import { createLogger } from './log.js';

export function clientsCommand(): Command {
  const clients = new Command('clients')
    .description('list the clients that are paired, let one read the metrics, or end the trust in one')
    // Passed on to the commands below, which are created here.
    .exitOverride();
  clients
    .command('list')
    .description('list the clients that are paired, oldest first')
    .option('--json', 'print the clients as JSON')
    .action(list);
  clients
    .command('watch')
    .description(
      'make a token that reads /metrics and nothing else, for Prometheus say, and print it this once',
    )
    .argument('<name>', 'how the list calls it')
    .action(watch);
  clients
    .command('revoke')
    .description('end the trust in a client; a running sidecar closes its connections within half a minute')
    .argument('<name-or-id>', 'an id, or a name for all clients that have it')
    .action(revoke);
  return clients;
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const clients = await openStore().list();
  if (json) {
    const shown = clients.map(({ id, name, createdAt, launched, only }) => ({
      ...{ id, name, createdAt, launched },
      ...(only !== undefined && { only }),
    }));
    return print(`${JSON.stringify({ clients: shown })}\n`);
  }
  await print(clients.length === 0 ? 'No client is paired.\n' : clients.map(toLine).join(''));
}

async function watch(name: string): Promise<void> {
  await print(`${await openStore().issue(name, { only: 'metrics', isForOthers: true })}\n`);
}

async function revoke(nameOrId: string): Promise<void> {
  const store = openStore();
  const clients = await store.list();
  const byId = clients.filter(({ id }) => id === nameOrId);
  const meant = byId.length > 0 ? byId : clients.filter(({ name }) => name === nameOrId);
  if (meant.length === 0) throw unknownClient(nameOrId, clients);
  for (const client of meant) {
    await store.revoke(client.id);
    await print(`revoked ${toLine(client)}`);
  }
}

function toLine({ id, name, createdAt, launched, only }: Client): string {
  const how = launched ? 'opened by the sidecar' : only ? `for its ${only} alone` : 'paired';
  return `${id}  ${name}  ${how} ${createdAt}\n`;
}

function unknownClient(nameOrId: string, clients: readonly Client[]): CodedError {
  const names = [...new Set(clients.map(({ name }) => name))];
  const hint = names.length > 0 ? `Paired: ${names.join(', ')}.` : 'No client is paired.';
  return new CodedError(
    'USAGE',
    `No client has the name or id ${nameOrId}.`,
    `${hint} See cutline clients list.`,
  );
}

function openStore(): TokenStore {
  const { home, log } = readSettings(process.env);
  return new TokenStore(home, createLogger(log));
}
