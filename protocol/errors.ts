/** The closed list of things that can go wrong, and the one error class that says so. */

/**
 * Stable error names and their JSON-RPC numbers. Names never change meaning; numbers never change.
 * −32xxx are JSON-RPC's and the Language Server Protocol's own; ours start at 1000.
 */
export const ERROR_NUMBERS = {
  // JSON-RPC and the Language Server Protocol
  PARSE: -32700,
  REQUEST_INVALID: -32600,
  METHOD_UNKNOWN: -32601,
  PARAMS_INVALID: -32602,
  INTERNAL: -32603,
  NOT_INITIALIZED: -32002,
  CANCELLED: -32800,
  // Who may talk, and how
  PROTOCOL_MISMATCH: 1000,
  PAIRING_NEEDED: 1001,
  PAIRING_CODE_WRONG: 1002,
  PAIRING_EXPIRED: 1003,
  ORIGIN_REFUSED: 1004,
  HOST_REFUSED: 1005,
  MESSAGE_TOO_LARGE: 1006,
  BUSY: 1007,
  SHUTTING_DOWN: 1008,
  DEADLINE: 1009,
  DISCONNECTED: 1010,
  // Images
  IMAGE_UNREADABLE: 1100,
  IMAGE_TRUNCATED: 1101,
  IMAGE_TOO_LARGE: 1102,
  IMAGE_UNKNOWN: 1103,
  IMAGE_TOO_SMALL: 1104,
  // Prompts
  PROMPTS_EMPTY: 1200,
  PROMPTS_TOO_MANY: 1201,
  PROMPT_OUTSIDE: 1202,
  PROMPT_NOT_FINITE: 1203,
  CANDIDATE_UNKNOWN: 1204,
  // Models and devices
  MODEL_MISSING: 1300,
  MODEL_CHECKSUM: 1301,
  MODEL_UNKNOWN: 1302,
  MODEL_GRAPH: 1303,
  DEVICE_UNAVAILABLE: 1304,
  MODEL_FOLDER: 1305,
  MODEL_REFUSED: 1306,
  // Masks and outlines
  MASK_SHAPE: 1400,
  MASK_EMPTY: 1401,
  RLE_INVALID: 1402,
  RESUME_INVALID: 1403,
  // Files, ports, usage
  FILE_MISSING: 1500,
  FILE_WRITE: 1501,
  PORT_BUSY: 1502,
  USAGE: 1503,
  FILE_READ: 1504,
  // The design document that the plugin works in
  NODE_GONE: 1600,
  NODE_READ_ONLY: 1601,
  NODE_CHANGED: 1602,
  NOT_AN_IMAGE: 1603,
  IMAGE_MISSING: 1604,
  EXPORT_FAILED: 1605,
  LEFT_BEHIND: 1606,
  FIGMA_FAILED: 1607,
  SETTINGS_NOT_KEPT: 1608,
} as const;

export type ErrorName = keyof typeof ERROR_NUMBERS;

/** An error meant for a person: what arrived, and what to do next. */
export class CodedError extends Error {
  /** Names the request that failed, as the sidecar's log does; on the asker's side alone. */
  readonly requestId: string | undefined;
  /** When asking again is worth while, as far as that is known. */
  readonly retryAfterMs: number | undefined;

  /**
   * @param code Stable name from the closed list.
   * @param message One sentence that names what arrived.
   * @param hint The next action, for the person who sees it.
   * @param options `cause` stays on this side of the wire; `requestId` came over it.
   */
  constructor(
    readonly code: ErrorName,
    message: string,
    readonly hint: string,
    options?: {
      readonly cause?: unknown;
      readonly requestId?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    },
  ) {
    super(message, options);
    this.name = 'CodedError';
    this.requestId = options?.requestId;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** The error every cancelled piece of work rejects with; the UI never displays it. */
export function cancelledError(): CodedError {
  return new CodedError('CANCELLED', 'The request was cancelled.', 'Ask again if it is still wanted.');
}

/** @throws CodedError CANCELLED when the signal has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledError();
}
