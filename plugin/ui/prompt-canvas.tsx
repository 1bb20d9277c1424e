/** The canvas: shows the image, the outline and the marks, and takes clicks, drags and keys. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Point } from '../../protocol/geometry.js';
import type { Prompt } from '../../protocol/prompt.js';
import { listenForKeys } from './canvas-keys.js';
import { CanvasSession } from './canvas-session.js';
import type { PromptCanvasProps } from './canvas-session.js';
import { listenForGestures } from './gestures.js';
import type { Arranged } from './everything/arrange.js';
import { showsHover } from './everything/commands.js';
import { hoveredObject } from './everything/state.js';
import { objectTint, objectColour } from './objects/colours.js';
import { ObjectChips } from './objects/object-chips.js';
import { outlinedObjects } from './objects/outlined.js';
import { Stage } from './stage.js';
import { chosenCandidate } from './question.js';
import type { State } from './state.js';
import { strings } from './strings.js';
import { ZoomControls } from './zoom-controls.js';

const NO_PROMPTS: readonly Prompt[] = [];
const KEYS_ID = 'canvas-keys';
const NO_OBJECTS_SHOWN: Arranged = [];

export function PromptCanvas(props: PromptCanvasProps) {
  const { state, image } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvases = { image: useCanvas(), objects: useCanvas(), outline: useCanvas(), marks: useCanvas() };
  const [scale, setScale] = useState(1);
  const session = useRef<CanvasSession>();
  session.current ??= new CanvasSession(props);
  session.current.props = props;
  const { current } = session;

  useEffect(() => {
    const { image, objects, outline, marks } = canvases;
    const stage = new Stage(
      { image: image.current!, objects: objects.current!, outline: outline.current!, marks: marks.current! },
      (view) => setScale(view.scale),
    );
    current.stage = stage;
    const listening = listen(frame.current!, current);
    return () => {
      listening.dispose();
      stage.dispose();
    };
  }, []);

  useEffect(() => {
    current.cursor = undefined;
    current.anchor = undefined;
    current.stage.showImage(image.pixels);
    current.stage.showMarks({ cursor: undefined, draft: undefined });
  }, [image]);
  useShown(state, current);
  useEffect(() => {
    current.dropAnchor();
    current.showBrush(undefined);
  }, [state.tool]);
  useEffect(() => current.showBrush(current.pointer), [state.brushSize]);

  return (
    <div class="stage">
      <div
        ref={frame}
        class="stage-canvas"
        tabIndex={0}
        role="application"
        aria-label={strings.canvas.label}
        aria-describedby={KEYS_ID}
        data-tool={state.tool}
        data-takes={showsHover(state) && state.everything.hover !== undefined}
      >
        <canvas ref={canvases.image} />
        <canvas ref={canvases.objects} />
        <canvas ref={canvases.outline} />
        <canvas ref={canvases.marks} />
      </div>
      <ObjectChips state={state} commands={props.commands} />
      <p id={KEYS_ID} hidden>
        {strings.canvas.keys}
      </p>
      <ZoomControls
        scale={scale}
        onZoom={(factor) => current.zoom(factor)}
        onFit={() => current.stage.fit()}
      />
    </div>
  );
}

/** Each tab shows what it is about; what is pointed at shows in both. */
function useShown(state: State, session: CanvasSession): void {
  const { tab, everything, log } = state;
  const isObject = tab === 'object';
  const path = isObject ? chosenCandidate(state)?.outline.path : undefined;
  const { shelf } = state;
  useEffect(() => session.stage.showOutline(path, objectTint(shelf.currentId)), [path, shelf.currentId]);
  useEffect(() => {
    const aside = isObject ? outlinedObjects(state).filter(({ id }) => id !== shelf.currentId) : [];
    session.stage.showAside(aside.map((object) => ({ path: object.path, colour: objectColour(object.id) })));
  }, [shelf, isObject, state.refine, state.toleranceFactor]);
  const prompts = isObject ? log.prompts : NO_PROMPTS;
  const selected = isObject ? state.selected : undefined;
  useEffect(() => session.stage.showMarks({ prompts, selected }), [prompts, selected]);
  const shown = isObject ? NO_OBJECTS_SHOWN : everything.shown;
  useEffect(() => {
    const drawn = shown.map(({ mask: { id, outline } }) => ({
      id,
      outline,
      isChosen: !everything.unchecked.has(id),
    }));
    session.stage.showObjects(drawn);
  }, [shown, everything.unchecked]);
  const hovered = hoveredObject(everything)?.mask.outline;
  const isFaint = !showsHover(state);
  useEffect(() => session.stage.showHover(hovered, isFaint), [hovered, isFaint]);
}

function useCanvas() {
  return useRef<HTMLCanvasElement>(null);
}

function listen(element: HTMLElement, session: CanvasSession) {
  const { stage } = session;
  const resizing = new ResizeObserver(() => {
    stage.resize({ width: element.clientWidth, height: element.clientHeight }, devicePixelRatio);
  });
  resizing.observe(element);
  const gestures = listenForGestures({
    element,
    stage,
    image: () => session.props.image,
    prompts: () => (session.props.state.tab === 'object' ? session.props.state.log.prompts : NO_PROMPTS),
    isPanning: () => session.panning,
    onClick: (at, alt) => clickAt(session, at, alt),
    onMarkClick: (index, alt) => clickMark(session, index, alt),
    onMarkDrag: (index, prompt, amend) => {
      session.props.commands.setLive(true);
      session.props.commands.dispatch({ type: 'promptChanged', index, prompt, amend });
    },
    onMarkDragEnd: () => session.props.commands.setLive(false),
    onDraft: (draft) => stage.showMarks({ draft }),
    onBox: (box) => session.addBox(box),
    pen: (alt) => session.pen(alt),
    onLine: (line) => session.addLine(line),
    onHover: (at) => session.hover(at),
    onLeave: () => {
      session.showBrush(undefined);
      session.props.commands.everything.pointAt(undefined);
    },
    onCycle: (step) => session.cycle(step),
  });
  session.giveUp = () => gestures.giveUp();
  const keys = listenForKeys(element, session, session.props.ownsPage);
  return {
    dispose() {
      resizing.disconnect();
      keys.dispose();
      gestures.dispose();
    },
  };
}

function clickAt(session: CanvasSession, at: Point, alt: boolean): void {
  const { image, state, commands } = session.props;
  if (state.selected !== undefined) commands.dispatch({ type: 'promptSelected', index: undefined });
  const [x, y] = at;
  if (x < 0 || y < 0 || x > image.width || y > image.height) return;
  session.place(at, alt ? 'outside' : state.label);
}

function clickMark({ props: { commands, state } }: CanvasSession, index: number, alt: boolean): void {
  if (alt) return commands.flip(index);
  commands.dispatch({ type: 'promptSelected', index: state.selected === index ? undefined : index });
}
