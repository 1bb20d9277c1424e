/**
 * Who may talk to the sidecar at all, judged before anything else happens to a request. Pages elsewhere on the
 * web can send requests to localhost; their Origin gives them away, and a rebound name shows in Host.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '../../protocol/errors.js';

/** The Origin of sandboxed frames, Figma's plugin window among them. It proves nothing, so a token decides. */
const NULL_ORIGIN = 'null';

/**
 * Checks Host and Origin by exact match. No Origin (a command line, QGIS) is let through to the token check.
 *
 * @param request Any HTTP request, upgrades included. The port is the one it arrived on.
 * @throws CodedError HOST_REFUSED or ORIGIN_REFUSED.
 */
export function guardRequest(request: IncomingMessage): void {
  const hosts = ownHosts(request);
  const host = request.headersDistinct['host'] ?? [];
  if (host.length !== 1 || !hosts.includes(host[0]!.toLowerCase())) {
    throw new CodedError(
      'HOST_REFUSED',
      'The request names another host than this sidecar.',
      `Use http://${hosts[0]}.`,
    );
  }
  const origin = request.headersDistinct['origin'] ?? [];
  if (origin.length > 1 || (origin.length === 1 && !isAllowedOrigin(origin[0]!, hosts))) {
    throw new CodedError(
      'ORIGIN_REFUSED',
      'The page that asks is not one of Cutline’s own.',
      'Open the workbench that the sidecar prints, or use the plugin.',
    );
  }
}

/**
 * Lets the page behind an allowed Origin read the answer. Never with credentials: a token is the only proof.
 *
 * @param request One that `guardRequest` has let through.
 * @returns True when the request was a preflight and has been answered.
 */
export function answerCors(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin === undefined) return false;
  response.setHeader('Access-Control-Allow-Origin', origin);
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
  response.setHeader('Access-Control-Max-Age', '600');
  // Chromium asks this before a public page may reach this machine; other browsers ignore it.
  if (request.headers['access-control-request-private-network'] === 'true') {
    response.setHeader('Access-Control-Allow-Private-Network', 'true');
  }
  response.writeHead(204).end();
  return true;
}

function ownHosts(request: IncomingMessage): string[] {
  const port = request.socket.localPort;
  return [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
}

function isAllowedOrigin(origin: string, hosts: readonly string[]): boolean {
  return origin === NULL_ORIGIN || hosts.some((host) => origin === `http://${host}`);
}
