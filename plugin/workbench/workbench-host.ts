/** The workbench: images are dropped, pasted or picked, outlines become files. */
import { decodeBase64 } from '../../protocol/base64.js';
import { CodedError } from '../../protocol/errors.js';
import { furEdgePx, THIN_EDGE_PX } from '../../protocol/soft-edge.js';
import type { Host, Offer, OutlineResult, Settings, SettingsStore } from '../ui/host.js';
import { copyText } from '../ui/clipboard.js';
import { renderCutout } from '../ui/outline-image.js';
import type { SourceImage } from '../ui/situation.js';
import type { DeliveryKind } from '../ui/delivery.js';
import { strings } from '../ui/strings.js';
import { takeLaunchTicket } from './launch.js';

type ImageOffer = Extract<Offer, { kind: 'image' }>;

const SETTINGS_KEY = 'cutline';

/** What can be done with an outline in a web page. */
export const WORKBENCH_DELIVERIES: readonly DeliveryKind[] = [
  'svg',
  'cutout',
  'softCutout',
  'furryCutout',
  'copySvg',
  'geojson',
];

/** @param sampleUrl The sample image as a base64 data address; it is opened at the start. */
export function createWorkbenchHost(page: Window, sampleUrl: string): Host {
  const listeners = new Set<(offer: Offer) => void>();
  const offer = (next: Offer) => listeners.forEach((listener) => listener(next));
  const offerImage = (image: Omit<ImageOffer, 'kind'>) => offer({ kind: 'image', ...image });
  const openFile = (file: File) =>
    offerImage({
      // The same file, opened again, is the same image: what was marked on it is there again.
      key: `${file.name} ${file.size} ${file.lastModified}`,
      name: file.name,
      size: file.size,
      read: () => readFile(file),
    });
  const openSample = () =>
    offerImage({
      key: 'sample',
      name: 'sample.png',
      read: () => Promise.resolve(decodeDataUrl(sampleUrl)),
    });
  takePastedImages(page, openFile);
  const launchTicket = takeLaunchTicket(page);

  return {
    kind: 'workbench',
    clientName: 'Cutline workbench',
    deliveries: WORKBENCH_DELIVERIES,
    settings: pageSettings(page),
    ownOrigin: page.location.origin,
    ...(launchTicket !== undefined && { launchTicket }),
    onOffer(listener) {
      listeners.add(listener);
      openSample();
      return { dispose: () => listeners.delete(listener) };
    },
    deliver,
    async saveTree(format, { image, exportAs }) {
      return saveFile(`${baseName(image)} layers`, await exportAs(format));
    },
    openFile,
    sampleUrl,
    openSample,
  };
}

async function deliver(kind: DeliveryKind, result: OutlineResult): Promise<string> {
  const name = [baseName(result.image), result.number].filter(Boolean).join(' ');
  if (kind === 'cutout') {
    const bytes = await renderCutout(result.image.pixels, result.candidate);
    return saveFile(`${name} cut-out`, { bytes, mimeType: 'image/png', extension: 'png' });
  }
  if (kind === 'softCutout' || kind === 'furryCutout') {
    const softEdgePx = kind === 'softCutout' ? THIN_EDGE_PX : furEdgePx(result.image);
    const edge = kind === 'softCutout' ? 'soft' : 'fur';
    return saveFile(`${name} cut-out, ${edge}`, await result.exportAs('cutout', { softEdgePx }));
  }
  if (kind === 'geojson') return saveFile(`${name} outline`, await result.exportAs('geojson'));
  const svg = await result.exportAs('svg');
  if (kind === 'svg') return saveFile(`${name} outline`, svg);
  await copyText(new TextDecoder().decode(svg.bytes));
  return strings.delivered.copied;
}

/** The file's name without its extension. */
function baseName({ name }: Pick<SourceImage, 'name'>): string {
  return name.replace(/\.[^.]*$/, '');
}

function saveFile(
  stem: string,
  file: { readonly bytes: Uint8Array; readonly mimeType: string; readonly extension: string },
): string {
  const name = `${stem}.${file.extension}`;
  const url = URL.createObjectURL(new Blob([file.bytes as BlobPart], { type: file.mimeType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun once the click is handled; until then it needs the address.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return strings.delivered.saved(name);
}

function takePastedImages(page: Window, openFile: (file: File) => void): void {
  page.addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (file) openFile(file);
  });
}

function decodeDataUrl(url: string): Uint8Array {
  return decodeBase64(url.slice(url.indexOf(',') + 1));
}

/** A folder, and a file that has changed since, can be brought but not read. */
async function readFile(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new CodedError('FILE_READ', `“${file.name}” cannot be read.`, 'Choose the file again.', { cause });
  }
}

/** Kept in the page's own storage; where there is none (private windows may refuse), for this visit only. */
function pageSettings(page: Window): SettingsStore {
  let current = readSettings(page);
  return {
    load: () => Promise.resolve(current),
    save(change) {
      current = { ...current, ...change };
      try {
        page.localStorage.setItem(SETTINGS_KEY, JSON.stringify(current));
      } catch {
        // Full or forbidden: `current` still serves this visit.
      }
    },
  };
}

function readSettings(page: Window): Settings {
  try {
    return (JSON.parse(page.localStorage.getItem(SETTINGS_KEY) ?? '{}') ?? {}) as Settings;
  } catch {
    return {};
  }
}
