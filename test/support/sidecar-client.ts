/** A client of a sidecar in a process of its own, paired by the code that it shows. */
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { connect, postJson } from '../../bench/sidecar.js';
import type { SidecarProcess } from './sidecar-process.js';

export async function connectTo(sidecar: SidecarProcess): Promise<MessageConnection> {
  return connect(sidecar.origin, await pairWith(sidecar));
}

/** @returns The token. */
export async function pairWith(sidecar: SidecarProcess): Promise<string> {
  const { origin } = sidecar;
  const { pairing } = await postJson<{ pairing: string }>(origin, '/v1/pair', { client: 'test' });
  const code = await sidecar.pairingCode();
  const { token } = await postJson<{ token: string }>(origin, '/v1/pair/confirm', { pairing, code });
  return token;
}
