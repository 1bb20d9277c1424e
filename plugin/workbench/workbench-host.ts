/** The workbench: images are dropped, pasted or picked, outlines become files. */
import { decodeBase64 } from '../../protocol/base64.js';
import type { DeliveryKind, Host, Offer, OutlineResult, Settings, SettingsStore } from '../ui/host.js';
import { copyText } from '../ui/clipboard.js';
import { renderCutout } from '../ui/outline-image.js';
import { strings } from '../ui/strings.js';
import { takeLaunchTicket } from './launch.js';

const SETTINGS_KEY = 'cutline';

/** @param sampleUrl The sample image as a base64 data address; it is opened at the start. */
export function createWorkbenchHost(page: Window, sampleUrl: string): Host {
  const listeners = new Set<(offer: Offer) => void>();
  let opened = 0;
  const offer = (next: Offer) => listeners.forEach((listener) => listener(next));
  const offerImage = (name: string, read: () => Promise<Uint8Array>) =>
    offer({ kind: 'image', key: `${++opened} ${name}`, name, read });
  const openFile = (file: File) => offerImage(file.name, () => readBlob(file));
  const openSample = () => offerImage('sample.png', () => Promise.resolve(decodeDataUrl(sampleUrl)));
  takePastedImages(page, openFile);
  const launchTicket = takeLaunchTicket(page);

  return {
    kind: 'workbench',
    clientName: 'Cutline workbench',
    deliveries: ['svg', 'cutout', 'copySvg', 'geojson'],
    settings: pageSettings(page),
    ownOrigin: page.location.origin,
    ...(launchTicket !== undefined && { launchTicket }),
    onOffer(listener) {
      listeners.add(listener);
      openSample();
      return { dispose: () => listeners.delete(listener) };
    },
    deliver,
    close: () => offer({ kind: 'empty' }),
    openFile,
    sampleUrl,
    openSample,
  };
}

async function deliver(kind: DeliveryKind, result: OutlineResult): Promise<string> {
  if (kind === 'cutout') {
    const bytes = await renderCutout(result.image.pixels, result.candidate);
    return saveFile(result.image.name, { bytes, mimeType: 'image/png', extension: 'png' });
  }
  if (kind === 'geojson') return saveFile(result.image.name, await result.exportAs('geojson'));
  const svg = await result.exportAs('svg');
  if (kind === 'svg') return saveFile(result.image.name, svg);
  await copyText(new TextDecoder().decode(svg.bytes));
  return strings.delivered.copied;
}

function saveFile(
  imageName: string,
  file: { readonly bytes: Uint8Array; readonly mimeType: string; readonly extension: string },
): string {
  const name = `${imageName.replace(/\.[^.]*$/, '')} outline.${file.extension}`;
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

async function readBlob(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
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
