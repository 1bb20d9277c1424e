/** Whether the pixels of a JPEG file lie as they are shown. Nothing else of it is read. */

/** Start of image, and the segments of a JPEG that matter here. */
const SOI = 0xffd8;
const APP1 = 0xffe1;
const START_OF_SCAN = 0xffda;

/** "Exif" and two zeros. */
const EXIF_HEADER = [0x45, 0x78, 0x69, 0x66, 0, 0];
const LITTLE_ENDIAN = 0x4949;
const ORIENTATION_TAG = 0x0112;

/**
 * Reads which way up a JPEG wants to be shown.
 *
 * @param file Any file.
 * @returns 1 to 8; 1, upright, for whatever says nothing.
 * @source Exif 2.3 (JEITA CP-3451C), 4.5.4 and 4.6.4: orientation is a short in the first directory.
 */
export function readOrientation(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint16(0) !== SOI) return 1;
  for (let at = 2; at + 4 <= file.length;) {
    const marker = view.getUint16(at);
    if (marker === START_OF_SCAN || marker < 0xff00) return 1;
    const length = view.getUint16(at + 2);
    const isExif = marker === APP1 && EXIF_HEADER.every((byte, i) => file[at + 4 + i] === byte);
    if (isExif && at + 2 + length <= file.length) return orientationIn(view, at + 10, at + 2 + length);
    at += 2 + length;
  }
  return 1;
}

/** @param start Of the TIFF structure in an Exif segment that ends before `end`. */
function orientationIn(view: DataView, start: number, end: number): number {
  if (start + 8 > end) return 1;
  const little = view.getUint16(start) === LITTLE_ENDIAN;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > end) return 1;
  const entries = view.getUint16(directory, little);
  for (let entry = directory + 2, i = 0; i < entries && entry + 12 <= end; entry += 12, i++) {
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    const orientation = view.getUint16(entry + 8, little);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}
