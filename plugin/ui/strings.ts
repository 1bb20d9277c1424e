/**
 * Every word that a person reads, in one place, in English here and in the language that was chosen as `strings`.
 * Sentences, no jargon; numbers are formatted here too. Layers are named by the main thread and stay English: their names
 * are read back there, and by others who share the file.
 */
import type { ErrorName } from '../../protocol/errors.js';
import { layers, percent, pixels, plural, timeLeft } from './phrases.js';
import type { OfflineCause } from './situation.js';
import type { TreeFormat } from '../../protocol/everything.js';
import type { Beside, ClosedKind, LayerStyle, OriginalAfter } from '../bridge.js';
import { batchStrings } from './batch/strings.js';
import type { DeliveryKind } from './delivery.js';
import type { Tool } from './tool.js';

/** What starts the sidecar. */
export const START_COMMAND = 'npm start';

export const english = {
  unexpected: {
    message: 'Something unexpected went wrong.',
    hint: 'Try again; the sidecar’s log says more.',
  },
  interrupted: {
    message: 'The sidecar keeps being interrupted.',
    hint: 'Try again.',
  },
  sidecarTooOld: {
    message: 'This sidecar is older than the brush, the lasso, growing and inverting.',
    hint: 'Update the sidecar; undo brings the outline back.',
  },
  header: {
    local: 'local',
    localTitle: (device: string | undefined) =>
      device ? `Computed on this machine (${device})` : 'Computed on this machine',
    searching: 'connecting',
    offline: 'not connected',
    menu: 'Menu',
    open: 'Open…',
    size: (width: number, height: number) => `${width}×${height}`,
  },
  source: {
    noSelection: 'Select an image to begin.',
    noSelectionHint: 'Any layer with an image fill will do.',
    notImage: (name: string) => `“${name}” has no image.`,
    imageMissing: (name: string) => `The file has lost the image of “${name}”.`,
    notImageHint: 'Select a layer that shows one.',
    severalWithout: (count: number) => `None of the ${count} selected layers shows an image.`,
    opening: (name: string) => `Opening ${name}…`,
    unreadable: (name: string) => `${name} can’t be opened.`,
    drop: 'Drop an image here',
    dropHint: 'or paste one',
    choose: 'Choose a file',
    sample: 'Sample image',
    sampleAction: 'Open the sample image',
  },
  link: {
    searching: 'Looking for the sidecar…',
    lost: 'The sidecar stopped answering. Your work is kept.',
    offline: {
      notRunning: 'The sidecar isn’t running.',
      blocked: 'Your browser keeps this page from reaching your machine.',
      safari: 'Safari can’t reach programs on your own machine.',
    } satisfies Record<OfflineCause, string>,
    offlineHint: {
      notRunning: 'Start it in a terminal, in Cutline’s folder. This window notices by itself.',
      blocked: 'Allow access to apps on this device in the site settings, or use Figma’s desktop app.',
      safari: 'Use Figma’s desktop app.',
    } satisfies Record<OfflineCause, string>,
    copyCommand: 'Copy the command',
    copied: 'Copied',
    retry: 'Try again',
  },
  pairing: {
    title: 'Type the code from the sidecar’s terminal.',
    hint: 'Only this once.',
    label: 'Pairing code',
    connect: 'Connect',
    checking: 'Checking…',
    renew: 'Show a new code',
  },
  tools: {
    group: 'Tools',
    names: { point: 'Point', box: 'Box', brush: 'Brush', lasso: 'Lasso' } satisfies Record<Tool, string>,
    titles: {
      point: 'Point: click what belongs to the object',
      box: 'Box: drag around the object',
      brush: 'Brush: scribble on the object, or paint what to add or take away',
      lasso: 'Lasso: draw around the object, or around what to add or take away',
    } satisfies Record<Tool, string>,
    brushSize: 'Brush size',
    brushSizeValue: (size: number) => `${size} px`,
    labels: 'What is marked',
    inside: 'Inside',
    outside: 'Outside',
    undo: 'Undo',
    redo: 'Redo',
    remove: 'Remove',
    removeTitle: 'Remove the selected mark',
    clear: 'Clear',
  },
  objects: {
    group: 'Objects',
    name: (id: number) => `Object ${id}`,
    add: 'Mark another object',
    merge: 'Merge',
    mergeTitle: 'Make one object of all that are marked',
    split: 'Split',
    splitTitle: 'Make an object of each separate part',
    inOnePiece: 'The object is in one piece.',
  },
  outline: {
    start: {
      point: 'Click the object, or drag a box around it.',
      box: 'Drag a box around the object.',
      brush: 'Scribble on the object.',
      lasso: 'Draw a line around the object.',
    } satisfies Record<Tool, string>,
    working: 'Looking…',
    preparing: (remainingMs: number) => `Getting ready, ${timeLeft(remainingMs)}.`,
    none: 'Nothing found here.',
    noneHint: 'Try a larger box or another spot.',
    candidates: 'Which outline',
    cost: (nodes: number, deviationPx: number) =>
      `${nodes} ${plural(nodes, 'node')}, ≤ ${pixels(deviationPx)} off`,
    costSpoken: (nodes: number, deviationPx: number) =>
      `${nodes} ${plural(nodes, 'node')}, at most ${deviationPx.toFixed(1)} pixels off`,
    smooth: 'Smooth',
    precise: 'Precise',
    fidelity: 'Smooth to precise',
    fidelityValue: (tolerancePx: number) => `within ${pixels(tolerancePx)}`,
    refine: 'Refine',
    refineHint: '– sharper edges',
    refining: '– looking closer…',
    grow: 'Grow',
    growTitle: 'Move the edge outwards, or inwards, by pixels of the image; ten with Shift',
    growMore: 'Grow by a pixel',
    growLess: 'Shrink by a pixel',
    grownBy: (px: number) => (px > 0 ? `+${px} px` : `${String(px).replace('-', '−')} px`),
    invert: 'All but the object',
    refineTitle: 'Follow the edges of the image itself: takes a moment longer',
    refineNeedless: 'This image is small enough for its outlines to be sharp already',
  },
  deliver: {
    insert: 'Insert outline',
    insertFilled: 'Insert filled outline',
    update: 'Update layer',
    insertCutout: 'Insert cut-out',
    separate: 'Separate from background',
    insertImage: 'Insert as image, soft edge',
    insertFurryImage: 'Insert as image, with fur',
    svg: 'Save SVG',
    cutout: 'Save cut-out',
    softCutout: 'Save cut-out, soft edge',
    furryCutout: 'Save cut-out, with fur',
    copySvg: 'Copy SVG',
    geojson: 'Save GeoJSON',
  } satisfies Record<DeliveryKind, string>,
  delivered: {
    saved: (name: string) => `Saved ${name}.`,
    copied: 'Copied the SVG.',
    inserted: (name: string, beside?: Beside) => `Inserted “${name}”${besideWhat(beside)}.`,
    separated: (name: string, originalAfter: OriginalAfter | 'left', beside?: Beside) =>
      `Separated the object of “${name}” from its background${besideWhat(beside)}.${ORIGINAL[originalAfter]}`,
    insertedSeveral: (count: number, beside?: Beside) => `Inserted ${layers(count)}${besideWhat(beside)}.`,
    several: (last: string, count: number) => `${last} ${count} in all.`,
    updated: (name: string) => `Updated “${name}”.`,
  },
  originalAfter: {
    label: 'Image, when separated:',
    choices: { keep: 'kept', hide: 'hidden', lock: 'locked' } satisfies Record<OriginalAfter, string>,
  },
  layer: {
    selected: (name: string) => `“${name}” is selected.`,
    selectedSeveral: (count: number) => `${count} layers of this image are selected.`,
    findAgain: 'Find them again',
    open: 'Change its marks',
    opened: (name: string) => `Changing “${name}”.`,
    close: 'Make a new layer instead',
  },
  tabs: {
    group: 'What to find',
    object: 'Object',
    everything: 'Everything',
  },
  everything: {
    intro: 'Every object in the image, as layers in a tree.',
    find: 'Find everything',
    again: 'Find again',
    goOn: 'Go on',
    stop: 'Stop',
    preparing: 'Getting ready…',
    looking: 'Looking…',
    finishing: 'Putting them in order…',
    progress: 'Finding everything',
    found: (count: number) => `${count} found`,
    left: timeLeft,
    stopped: 'stopped',
    lost: 'The connection broke. What was found is kept.',
    nothing: 'Nothing found.',
    nothingHint: 'Mark the object yourself under “Object”.',
    allHidden: 'No object of this size is shown.',
    changed: 'Find again to see the change.',
    layered: (count: number) => `${count} already ${count === 1 ? 'has' : 'have'} a layer`,
    allLayered: (count: number) =>
      count === 1 ? 'It already has a layer.' : `All ${count} already have a layer.`,
    layeredBadge: 'has a layer',
    tree: 'Found objects',
    chosen: (count: number, of: number) => (count === of ? `all ${of} chosen` : `${count} of ${of} chosen`),
    fewer: 'Fewer',
    more: 'More',
    amount: 'Fewer to more objects',
    amountValue: (count: number, of: number) => `the ${count} surest of ${of}`,
    small: 'Small',
    large: 'Large',
    size: 'Small to large objects',
    sizeValue: (share: number) => (share === 0 ? 'every size' : `from ${percent(share)} of the image`),
    sharedEdges: 'Shared edges',
    sharedEdgesHint: '– objects that touch meet exactly',
    adjust: 'Adjust',
    open: 'Work on it',
    sharedEdgesTitle: 'Objects that touch meet exactly: no gaps, no overlaps',
    insert: (count: number) => `Insert ${layers(count)}`,
    save: (count: number) => `Save ${layers(count)}`,
    inserting: (done: number, total: number) => `Inserting ${done} of ${total}…`,
    inserted: (count: number, beside?: Beside) => `Inserted ${layers(count)}${besideWhat(beside)}.`,
    choices: 'What becomes of the objects',
    styles: {
      outlines: 'As outlines',
      cutouts: 'As cut-outs',
    } satisfies Record<LayerStyle, string>,
    formats: {
      svg: 'SVG',
      geojson: 'GeoJSON',
      coco: 'COCO',
      'sa-1b': 'SA-1B',
      layers: 'ZIP of layers',
      ora: 'OpenRaster',
    } satisfies Record<TreeFormat, string>,
    spoken: {
      started: 'Looking for everything.',
      found: (count: number) => (count === 1 ? '1 object found.' : `${count} objects found.`),
      stopped: (count: number) => `Stopped with ${count} found.`,
      object: (name: string, level: number, of: number) =>
        of > 1 ? `${name}, ${level} of ${of} from the inside out` : name,
    },
  },
  deliverSeveral: (what: string, count: number) => `${what} × ${count}`,
  batch: batchStrings,
  deliverMore: 'More ways to use the outline',
  delivering: 'Working…',
  canvas: {
    label: 'Image',
    keys: 'Arrow keys move the cursor, I marks inside, O outside, Enter finishes. Tab goes from outline to outline, and after the last one on. F6 goes to the buttons and back.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit the image',
    zoom: (scale: number) => `${Math.round(scale * 100)} %`,
    preparing: 'Preparing the image',
  },
  spoken: {
    opened: (name: string, width: number, height: number) => `${name}, ${width} by ${height} pixels.`,
    preparing: 'Preparing the image.',
    ready: 'Ready. Mark the object.',
    at: (x: number, y: number) => `${Math.round(x * 100)} % across, ${Math.round(y * 100)} % down`,
    onOutline: ', inside the outline',
    outline: (which: string, index: number, count: number, cost: string) =>
      `${which}, ${index} of ${count}: ${cost}.`,
    marked: (what: string, count: number) => `${what}. ${count} ${plural(count, 'mark')}.`,
    notInverted: 'The object again.',
    object: (name: string, count: number) => `${name}; ${count} ${plural(count, 'object')} marked.`,
    marksLeft: (count: number) => `${count} ${plural(count, 'mark')} left.`,
    firstCorner: 'First corner. Go to the other one and mark it, too.',
    noBox: 'The first corner is taken back.',
    cleared: 'All marks cleared.',
    connected: 'Connected.',
  },
  menu: {
    connection: 'Connection',
    shortcuts: 'Shortcuts',
    about: 'About',
    language: 'Language',
    systemLanguage: 'as the system',
    address: 'Sidecar',
    model: 'Model',
    device: 'Device',
    unpair: 'Forget this pairing',
    none: 'Not connected',
    privacy: 'Images stay on this machine: they only go to the sidecar, which runs here.',
    version: (version: string, protocol: number) => `Cutline ${version}, protocol ${protocol}`,
    licence: (model: string, licence: string) => `${model} model, ${licence} licence`,
  },
  failure: {
    details: 'Details',
    undo: 'Undo',
    dismiss: 'Dismiss',
    request: (id: string) => `Request ${id}`,
    copyRequest: 'copy its number',
  },
  resize: 'Resize the window',
  /** Part, object, group: what candidates are called; the only one has a name of its own. */
  ranks: { only: 'Object', names: ['Part', 'Object', 'Group', 'All'] },
  /** Errors come in English and say what they know, so that nothing needs saying anew. */
  failures: {} as Partial<Record<ErrorName, { readonly message: string; readonly hint: string }>>,
  shortcuts: [
    ['Click, Alt-click', 'inside, outside'],
    ['Drag', 'box; with the brush or lasso, a line'],
    ['Alt-drag', 'with the brush or lasso: take away'],
    ['[, ]', 'smaller, larger brush'],
    ['Alt-click a mark', 'flip it'],
    ['Space-drag, wheel, pinch', 'pan, zoom'],
    ['+, −', 'zoom in, out'],
    ['0, Shift-0', 'fit, 100 %'],
    ['N', 'another object'],
    ['1, 2, 3 or Tab', 'part, object, group'],
    ['Arrows, Shift-arrows', 'move the cursor'],
    ['I, O', 'mark inside, outside'],
    ['Backspace', 'remove the last mark'],
    ['Cmd/Ctrl-Z, with Shift', 'undo, redo'],
    ['Click a found object', 'work on it'],
    ['Tab, Alt-wheel on it', 'part, object, group'],
    ['F6', 'to the buttons and back'],
    ['Esc', 'clear; in Figma, then close'],
    ['Enter', 'insert or save'],
    ['Shift-Enter', 'cut out'],
  ],
} as const;

/** What every language has to say: the English entries, their arguments included. */
export type Strings = Words<typeof english>;

type Words<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Words<T[K]> };

/** The words to use, in the language that was spoken last. */
export const strings: Strings = copyWords(english);

/**
 * Goes on in another language. Every part of `strings` stays the same object, so that it may be held on to; what is on
 * the screen has to be rendered again.
 */
export function speak(words: Strings): void {
  replaceWords(strings, words);
}

type Tree = Record<string, unknown>;

function copyWords<T extends object>(words: T): T {
  const copy = (Array.isArray(words) ? [] : {}) as T;
  replaceWords(copy, words);
  return copy;
}

function replaceWords(target: object, words: object): void {
  for (const key of Object.keys(target)) if (!(key in words)) delete (target as Tree)[key];
  for (const [key, value] of Object.entries(words)) {
    const current = (target as Tree)[key];
    if (typeof value !== 'object') (target as Tree)[key] = value;
    else if (current) replaceWords(current, value as object);
    else (target as Tree)[key] = copyWords(value as object);
  }
}

/** Part, object, group: what the ranks are called when this many candidates came back. */
export function candidateName(index: number, count: number): string {
  const { only, names } = strings.ranks;
  return (count === 1 ? only : names[index]) ?? String(index + 1);
}

/** Why a layer is not right above its image, to follow "beside what". */
const CLOSED: Readonly<Record<ClosedKind, string>> = {
  instance: 'a layer inside an instance can’t be added',
  booleanOperation: 'a layer inside a boolean operation would change its shape',
  transformGroup: 'a layer inside a transformed group would be transformed, too',
  layoutGroup: 'a layer inside would make the auto-layout around it move',
  componentSet: 'a component set takes components alone',
};

/** What became of the image, as one more sentence. */
const ORIGINAL: Readonly<Record<OriginalAfter | 'left', string>> = {
  keep: '',
  hide: ' The image is hidden.',
  lock: ' The image is locked.',
  left: ' The image was left as it is, since layers are in it.',
};

function besideWhat(beside: Beside | undefined): string {
  return beside ? ` beside “${beside.name}”, since ${CLOSED[beside.closed]}` : '';
}
