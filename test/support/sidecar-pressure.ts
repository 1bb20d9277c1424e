/** A client that keeps a sidecar busy with all that it can be asked, in an order told by its random numbers. */
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { maskAll } from '../../protocol/everything-methods.js';
import { exportObject, imageOpen, imagePrepare, imageUpload, maskPredict } from '../../protocol/methods.js';
import { callMethod } from '../../protocol/rpc.js';
import { DRAWN_SIZE } from './drawn-scene.js';

export interface Pressure {
  readonly connection: MessageConnection;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** PNG file of the drawn scene, and its id. */
  readonly bytes: Uint8Array;
  readonly image: string;
}

/** Asks for one thing or another. */
export function askAnything(
  { connection, random, bytes, image }: Pressure,
  token?: CancellationToken,
): Promise<unknown> {
  const x = Math.floor(random() * DRAWN_SIZE.width);
  const y = Math.floor(random() * DRAWN_SIZE.height);
  const prompts = [{ type: 'point', x, y, label: 'inside' } as const];
  const asks = [
    () => callMethod(connection, imageOpen, { sha256: image }, token),
    () => callMethod(connection, imageUpload, { bytes }, token),
    () => callMethod(connection, imagePrepare, { image }, token),
    () => callMethod(connection, maskPredict, { image, prompts }, token),
    () => callMethod(connection, exportObject, { image, prompts, format: 'svg' }, token),
    () => callMethod(connection, maskAll, { image, options: { pointsPerSide: 8 } }, token),
  ];
  return asks[Math.floor(random() * asks.length)]!();
}
