/** The unit that outlines are made of. */

/** The end of a line, or the two handles and the end of a curve: x, y each. */
export type Segment = readonly number[];
