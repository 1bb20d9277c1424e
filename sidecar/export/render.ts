/** Objects → a file in one of the formats. */
import type { TracedCandidate } from '../../models/candidates.js';
import { CodedError } from '../../protocol/errors.js';
import type { Box, Size } from '../../protocol/geometry.js';
import type { ExportFormat } from '../../protocol/methods.js';
import type { ImageReader } from '../image-reader.js';
import { toCoco } from './coco.js';
import { toGeoJson } from './geojson.js';
import { exportedObject } from './object.js';
import { toCutoutPng, toMaskPng } from './png.js';
import { toSvg } from './svg.js';

export interface ExportedFile {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly extension: string;
  /** The part of the image that a cut-out shows. */
  readonly box?: Box;
}

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly image: Size;
  readonly candidate: TracedCandidate;
  /** The image file; only a cut-out needs it. */
  readonly bytes?: Uint8Array | undefined;
  /** Of a cut-out. */
  readonly softEdgePx?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws CodedError IMAGE_UNKNOWN when a cut-out is wanted and the image's bytes are not at hand. */
export async function renderExport(request: ExportRequest, images: ImageReader): Promise<ExportedFile> {
  const { image, candidate } = request;
  const objects = [exportedObject('object-1', candidate)];
  switch (request.format) {
    case 'svg':
      return textFile(toSvg(image, objects), 'image/svg+xml', 'svg');
    case 'geojson':
      return textFile(toGeoJson(image, objects), 'application/geo+json', 'geojson');
    case 'coco':
      return textFile(toCoco(image, [candidate]), 'application/json', 'json');
    case 'png':
      return pngFile(await toMaskPng(candidate.rle));
    case 'cutout': {
      const bytes = imageBytes(request);
      const readPixels = () => images.decodeRgba(bytes, request);
      const { png, box } = await toCutoutPng(readPixels, candidate.rle, candidate.box, request);
      return { ...pngFile(png), box };
    }
  }
}

function imageBytes({ bytes }: ExportRequest): Uint8Array {
  if (bytes) return bytes;
  throw new CodedError('IMAGE_UNKNOWN', 'A cut-out needs the image’s pixels.', 'Upload the image again.');
}

export function textFile(text: string, mimeType: string, extension: string): ExportedFile {
  return { bytes: new TextEncoder().encode(text), mimeType, extension };
}

function pngFile(bytes: Uint8Array): ExportedFile {
  return { bytes, mimeType: 'image/png', extension: 'png' };
}
