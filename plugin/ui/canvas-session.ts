/** What the canvas does between a gesture or key and the state: the grid cursor, boxes in two steps, zooming. */
import type { Box, Point } from '../../protocol/geometry.js';
import type { Commands } from './commands.js';
import type { Pen } from './gestures.js';
import { brushRadiusPx, clampBrushSize, isHandTool, promptOf } from './hand-line.js';
import type { HandLine } from './hand-line.js';
import type { KeyCommand } from './keys.js';
import type { Stage } from './stage.js';
import type { SourceImage } from './situation.js';
import type { State } from './state.js';
import type { Label } from './tool.js';
import { strings } from './strings.js';
import { boxBetween, clampPoint, revealPoint, zoomView, ZOOM_STEP } from './view.js';

export interface PromptCanvasProps {
  readonly state: State;
  readonly image: SourceImage;
  readonly commands: Commands;
  /** Whether keys pressed anywhere in the page are for the canvas. */
  readonly ownsPage: boolean;
  /** Says something to a screen reader. */
  announce(sentence: string): void;
}

/** From one size of the brush to the next: enough to see. */
const BRUSH_STEP = 1.25;

/** Everything on the canvas that is nobody else's business. */
export class CanvasSession {
  stage!: Stage;
  panning = false;
  /** Drops what is being drawn; false where nothing is. */
  giveUp: () => boolean = () => false;
  /** Grid cursor, image space. */
  cursor: Point | undefined;
  /** Where the pointer or cursor was last seen on the canvas, image space. */
  pointer: Point | undefined;
  /** First corner of a box that is made by two clicks or keys. */
  anchor: Point | undefined;

  constructor(public props: PromptCanvasProps) {}

  /** The point tool marks at once; the box tool takes two corners. */
  place(at: Point, label: Label): void {
    const { state, image, commands } = this.props;
    if (label === 'inside' && commands.everything.takeAt(at)) return;
    const pen = this.pen(label !== state.label);
    if (pen?.tool === 'brush') return this.addLine({ ...pen, points: [at] });
    // Beside the found objects there are no tools to choose from; a lasso cannot be led by steps.
    if (state.tool !== 'box' || state.tab === 'everything') {
      const [x, y] = clampPoint(at, image);
      return commands.addPrompt({ type: 'point', x, y, label });
    }
    if (!this.anchor) {
      this.anchor = at;
      return this.props.announce(strings.spoken.firstCorner);
    }
    const box = boxBetween(this.anchor, at, image);
    this.dropAnchor();
    if (box) this.addBox(box);
  }

  /** What Esc does first. */
  takeBackAnchor(): void {
    this.dropAnchor();
    this.props.announce(strings.spoken.noBox);
  }

  addBox(box: Box): void {
    this.props.commands.addPrompt({ type: 'box', box });
  }

  /** The pointer moves without a button. */
  hover(at: Point): void {
    // An unfinished box stretches to where the pointer or cursor is.
    this.showBrush(at);
    const box = this.anchor && boxBetween(this.anchor, at, this.props.image);
    if (this.anchor) this.stage.showMarks({ draft: box && { type: 'box', box } });
    else this.props.commands.everything.pointAt(at);
  }

  /** What a drag draws with, where it is no box. */
  pen(alt: boolean): Pen | undefined {
    const { tool, tab, label, brushSize } = this.props.state;
    if (tab !== 'object' || !isHandTool(tool)) return undefined;
    const other = label === 'inside' ? 'outside' : 'inside';
    return { tool, label: alt ? other : label, radiusPx: brushRadiusPx(brushSize, this.stage.view.scale) };
  }

  addLine(line: HandLine): void {
    const prompt = promptOf(line, this.stage.view.scale, this.props.image);
    if (prompt) this.props.commands.addPrompt(prompt);
  }

  /** Where the brush would paint. */
  showBrush(at: Point | undefined): void {
    this.pointer = at;
    const { brushSize: size } = this.props.state;
    const brush = at && this.pen(false)?.tool === 'brush' ? { at, size } : undefined;
    this.stage.showMarks({ brush });
  }

  dropAnchor(): void {
    this.anchor = undefined;
    this.stage.showMarks({ draft: undefined });
  }

  moveCursor(dx: number, dy: number): void {
    const { stage } = this;
    const { image, announce } = this.props;
    const { scale } = stage.view;
    const from = this.cursor ?? [image.width / 2, image.height / 2];
    // A step is never less than a pixel of the image, so that the cursor moves at any zoom.
    const step = (delta: number) => Math.sign(delta) * Math.max(1, Math.abs(delta) / scale);
    this.cursor = clampPoint(this.cursor ? [from[0] + step(dx), from[1] + step(dy)] : from, image);
    stage.setView(revealPoint(stage.view, this.cursor, image, stage.viewport));
    stage.showMarks({ cursor: this.cursor });
    this.hover(this.cursor);
    const [x, y] = this.cursor;
    const on = stage.isOnOutline(this.cursor) ? strings.spoken.onOutline : '';
    const object = this.props.commands.everything.hoveredName();
    announce(strings.spoken.at(x / image.width, y / image.height) + on + (object ? `, ${object}` : ''));
  }

  /** Walks through the candidates, or the objects around the one that is pointed at. */
  cycle(step: 1 | -1): boolean {
    const moved = this.props.commands.cycle(step);
    const object = moved && this.props.commands.everything.hoveredName();
    if (object) this.props.announce(object);
    return moved;
  }

  zoom(factor: number): void {
    const { width, height } = this.stage.viewport;
    this.stage.setView(
      zoomView(this.stage.view, factor, [width / 2, height / 2], this.props.image, this.stage.viewport),
    );
  }

  resizeBrush(step: 1 | -1): void {
    const { state, commands, announce } = this.props;
    const size = clampBrushSize(state.brushSize * BRUSH_STEP ** step);
    commands.dispatch({ type: 'brushSized', size });
    announce(strings.tools.brushSizeValue(size));
  }

  /** For keys; the buttons have it in their names. */
  sayZoom(): void {
    this.props.announce(strings.canvas.zoom(this.stage.view.scale));
  }
}

/** @returns false when the key should do what it does elsewhere: Tab at the end of the row moves on. */
export function runKey(command: KeyCommand, session: CanvasSession): boolean | void {
  const { commands } = session.props;
  const { stage } = session;
  switch (command.kind) {
    case 'move':
      return session.moveCursor(command.dx, command.dy);
    case 'place':
      if (!session.cursor) session.moveCursor(0, 0);
      return session.place(session.cursor!, command.label);
    case 'pick':
      return commands.pick(command.index);
    case 'cycle':
      return session.cycle(command.step);
    case 'brush':
      return session.resizeBrush(command.step);
    case 'object':
      return commands.addObject();
    case 'remove':
      return commands.remove();
    case 'undo':
      return commands.dispatch({ type: 'undone' });
    case 'redo':
      return commands.dispatch({ type: 'redone' });
    case 'escape':
      if (session.giveUp()) return;
      return session.anchor ? session.takeBackAnchor() : commands.escape();
    case 'finish':
      return commands.finish();
    case 'cutout':
      return commands.cutOut();
    case 'zoom':
      session.zoom(ZOOM_STEP ** command.step);
      return session.sayZoom();
    case 'fit':
      stage.fit();
      return session.sayZoom();
    case 'actualSize':
      session.zoom(1 / stage.view.scale);
      return session.sayZoom();
  }
}
