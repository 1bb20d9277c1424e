/** How far what is done by hand may go. */

/** A thousand pixels across is more than anyone paints with. */
export const MAX_BRUSH_RADIUS_PX = 512;

/** Farther from the edge that was found, another object is meant. */
export const MAX_GROW_PX = 100;
