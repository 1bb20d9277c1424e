/** Figma's own short notices at the bottom of the canvas. */
import type { BridgeParams } from '../bridge.js';

/** Figma cuts longer ones off. */
const MOST_CHARACTERS = 100;

export class Notices {
  private staying: NotificationHandler | undefined;

  /** A notice takes the place of one that stays. */
  show({ message, error = false, stays = false }: BridgeParams<'notify'>): null {
    this.staying?.cancel();
    const shown = figma.notify(shorten(message), { error, ...(stays && { timeout: Infinity }) });
    this.staying = stays ? shown : undefined;
    return null;
  }
}

function shorten(message: string): string {
  return message.length <= MOST_CHARACTERS ? message : `${message.slice(0, MOST_CHARACTERS - 1)}…`;
}
