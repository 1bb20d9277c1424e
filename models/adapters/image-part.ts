/** What a prompt decoder needs of an image, and of how much of it: all cells, or every other one for a quick look. */
import type { Size } from '../../protocol/geometry.js';
import { lowResExtent } from '../coordinates.js';
import { allCells, CELLS_SIDE, drawnOrder } from '../decoder/block-order.js';
import type { TensorLike } from '../session.js';

/** Outputs of the image graph, inputs of the prompt graph. */
export const IMAGE_PART = [
  'image_keys',
  'image_values',
  'image_queries',
  'image_cells',
  'image_positions',
] as const;
export type ImagePart = Readonly<Record<(typeof IMAGE_PART)[number], TensorLike>>;

/** Cells to look at, and which of them to draw masks on. */
export interface View {
  readonly part: ImagePart;
  /** Input `drawn_cells` of the prompt graph. */
  readonly drawn: TensorLike;
  /** Where the drawn samples belong; see drawnOrder. */
  readonly order: Int32Array;
}

const ALL_CELLS = allCells();
/** How masks are drawn on all cells. */
export const ROW_ORDER = drawnOrder(ALL_CELLS);

/** Every other cell of every other row: a quarter of the work, and scores that still say which prompts are worth it. */
const SURVEY_STEP = 2;

/** Cells beyond the image's edge that are drawn all the same: the contour interpolates across the edge. */
const MARGIN = 1;

/** The ways to look at one image, made when first wanted: a click should not wait for what it does not need. */
export class ImageViews {
  /** Everything, drawn everywhere. */
  readonly whole: View;
  #image: View | undefined;
  #survey: View | undefined;

  constructor(
    private readonly part: ImagePart,
    private readonly size: Size,
  ) {
    this.whole = view(part, ALL_CELLS, ROW_ORDER);
  }

  /** Everything, drawn where the image is: masks over the padding are of no use but to be fed back. */
  get image(): View {
    this.#image ??= imageView(this.part, this.size);
    return this.#image;
  }

  /** Some cells, drawn where the image is. */
  get survey(): View {
    this.#survey ??= surveyView(this.part, this.size);
    return this.#survey;
  }
}

function imageView(part: ImagePart, image: Size): View {
  const cells = ALL_CELLS.filter(isOver(image, MARGIN));
  return view(part, cells, drawnOrder(cells));
}

function surveyView(part: ImagePart, image: Size): View {
  const cells = surveyCells();
  const isDrawn = isOver(image, 0);
  const slots = Int32Array.from(cells.keys()).filter((slot) => isDrawn(cells[slot]!));
  return view(chooseCells(part, cells), slots, surveyedSamples(image));
}

/** Where the samples of a survey of such an image lie; see drawnOrder. */
export function surveyedSamples(image: Size): Int32Array {
  return drawnOrder(surveyCells().filter(isOver(image, 0)));
}

function surveyCells(): Int32Array {
  return ALL_CELLS.filter(
    (cell) => (cell % CELLS_SIDE) % SURVEY_STEP === 0 && Math.floor(cell / CELLS_SIDE) % SURVEY_STEP === 0,
  );
}

function view(part: ImagePart, drawnCells: Int32Array, order: Int32Array): View {
  return { part, drawn: { data: Float32Array.from(drawnCells), dims: [drawnCells.length] }, order };
}

function isOver(image: Size, margin: number): (cell: number) => boolean {
  const { columns, rows } = lowResExtent(image);
  const right = Math.ceil(columns / 4) + margin;
  const bottom = Math.ceil(rows / 4) + margin;
  return (cell) => cell % CELLS_SIDE < right && Math.floor(cell / CELLS_SIDE) < bottom;
}

function chooseCells(part: ImagePart, cells: Int32Array): ImagePart {
  const chosen = IMAGE_PART.map((name) => {
    const { data, dims } = part[name];
    // Keys have a row a channel, everything else a row a cell.
    const axis = name === 'image_keys' ? 3 : dims.length - 2;
    return [name, gather(data, dims, axis, cells)] as const;
  });
  return Object.fromEntries(chosen) as unknown as ImagePart;
}

/** Some entries along one axis. */
function gather(data: Float32Array, dims: readonly number[], axis: number, indices: Int32Array): TensorLike {
  const length = dims[axis]!;
  const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = data.length / (length * inner);
  const chosen = new Float32Array(outer * indices.length * inner);
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (const index of indices) {
      const from = (o * length + index) * inner;
      for (let k = 0; k < inner; k++) chosen[to++] = data[from + k]!;
    }
  }
  return { data: chosen, dims: dims.map((size, i) => (i === axis ? indices.length : size)) };
}
