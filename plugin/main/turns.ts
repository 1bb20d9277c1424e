/** Work in turns: Figma's canvas stands still while the sandbox runs. */

/** A turn is over by then; with one layer more and Figma's own part it stays within 100 ms. */
const TURN_MS = 50;

/** Tells when work has gone on for long enough, and rests. */
export class Turns {
  private steps = 0;
  private startMs = Date.now();

  /** @param stepsPerTurn Most steps of one turn, however fast they are. */
  constructor(private readonly stepsPerTurn = Infinity) {}

  /** Call before each step. @returns Whether to rest first. */
  over(): boolean {
    const over = this.steps >= this.stepsPerTurn || Date.now() - this.startMs >= TURN_MS;
    this.steps++;
    return over;
  }

  /** Ends the turn and starts another. A bare await may not let the canvas repaint; a timer does. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    // The step that was asked about comes now.
    this.steps = 1;
    this.startMs = Date.now();
  }
}
