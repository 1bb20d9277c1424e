/** The German words. As short as the English ones, and as informal. */
import type { Beside, ClosedKind, OriginalAfter } from '../bridge.js';
import type { Strings } from './strings.js';

const whole = new Intl.NumberFormat('de');
const tenths = new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('de', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const twoDigits = new Intl.NumberFormat('de', { maximumSignificantDigits: 2 });

export const german: Strings = {
  unexpected: {
    message: 'Etwas Unerwartetes ist schiefgegangen.',
    hint: 'Versuch es noch einmal; mehr steht im Protokoll des Sidecars.',
  },
  interrupted: {
    message: 'Der Sidecar wird immer wieder unterbrochen.',
    hint: 'Versuch es noch einmal.',
  },
  header: {
    local: 'lokal',
    localTitle: (device) =>
      device ? `Auf diesem Rechner berechnet (${device})` : 'Auf diesem Rechner berechnet',
    searching: 'verbindet',
    offline: 'nicht verbunden',
    menu: 'Menü',
    open: 'Öffnen…',
    size: (width, height) => `${width}×${height}`,
  },
  source: {
    noSelection: 'Wähl ein Bild aus.',
    noSelectionHint: 'Jede Ebene mit einer Bildfüllung geht.',
    notImage: (name) => `„${name}“ hat kein Bild.`,
    imageMissing: (name) => `Der Datei fehlt das Bild von „${name}“.`,
    notImageHint: 'Wähl eine Ebene, die eines zeigt.',
    several: (count) => `${whole.format(count)} Ebenen sind ausgewählt.`,
    severalHint: 'Wähl nur ein Bild.',
    opening: (name) => `${name} wird geöffnet…`,
    unreadable: (name) => `${name} lässt sich nicht öffnen.`,
    drop: 'Bild hierher ziehen',
    dropHint: 'oder einfügen',
    choose: 'Datei wählen',
    sample: 'Beispielbild',
    sampleAction: 'Beispielbild öffnen',
  },
  link: {
    searching: 'Der Sidecar wird gesucht…',
    lost: 'Der Sidecar antwortet nicht mehr. Deine Arbeit bleibt erhalten.',
    offline: {
      notRunning: 'Der Sidecar läuft nicht.',
      blocked: 'Der Browser lässt diese Seite nicht an deinen Rechner.',
      safari: 'Safari erreicht keine Programme auf dem eigenen Rechner.',
    },
    offlineHint: {
      notRunning: 'Starte ihn im Terminal, im Ordner von Cutline. Dieses Fenster merkt es von selbst.',
      blocked:
        'Erlaub in den Website-Einstellungen den Zugriff auf Apps auf diesem Gerät, oder nimm Figmas Desktop-App.',
      safari: 'Nimm Figmas Desktop-App.',
    },
    copyCommand: 'Befehl kopieren',
    copied: 'Kopiert',
    retry: 'Noch einmal',
  },
  pairing: {
    title: 'Tipp den Code aus dem Terminal des Sidecars ein.',
    hint: 'Nur dieses eine Mal.',
    label: 'Code',
    connect: 'Verbinden',
    checking: 'Wird geprüft…',
    renew: 'Neuen Code zeigen',
  },
  tools: {
    group: 'Werkzeuge',
    names: { point: 'Punkt', box: 'Kasten', brush: 'Pinsel', lasso: 'Lasso' },
    titles: {
      point: 'Punkt: klick auf das, was zum Objekt gehört',
      box: 'Kasten: zieh einen um das Objekt',
      brush: 'Pinsel: kritzle auf das Objekt, oder mal, was dazu oder weg soll',
      lasso: 'Lasso: zieh es um das Objekt, oder um das, was dazu oder weg soll',
    },
    brushSize: 'Pinselgröße',
    brushSizeValue: (size) => `${whole.format(size)} px`,
    labels: 'Was markiert wird',
    inside: 'Innen',
    outside: 'Außen',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    remove: 'Entfernen',
    removeTitle: 'Gewählte Markierung entfernen',
    clear: 'Leeren',
  },
  objects: {
    group: 'Objekte',
    name: (id) => `Objekt ${id}`,
    add: 'Weiteres Objekt markieren',
    merge: 'Vereinen',
    mergeTitle: 'Aus allen markierten ein Objekt machen',
    split: 'Teilen',
    splitTitle: 'Aus jedem getrennten Teil ein Objekt machen',
    inOnePiece: 'Das Objekt hängt ganz zusammen.',
  },
  outline: {
    start: 'Klick auf das Objekt, zieh einen Kasten darum, oder kritzle darauf.',
    working: 'Sucht…',
    preparing: (remainingMs) => `Wird vorbereitet, ${timeLeft(remainingMs)}.`,
    none: 'Hier ist nichts zu finden.',
    noneHint: 'Versuch einen größeren Kasten oder eine andere Stelle.',
    candidates: 'Welcher Umriss',
    cost: (nodes, deviationPx) => `${nodesOf(nodes)}, ≤ ${pixels(deviationPx)} daneben`,
    costSpoken: (nodes, deviationPx) =>
      `${nodesOf(nodes)}, höchstens ${tenths.format(deviationPx)} Pixel daneben`,
    smooth: 'Glatt',
    precise: 'Genau',
    fidelity: 'Glatt bis genau',
    fidelityValue: (tolerancePx) => `auf ${pixels(tolerancePx)}`,
    refine: 'Schärfen',
    refineHint: '– Kanten so scharf wie im Bild',
    refining: '– sieht genauer hin…',
    grow: 'Erweitern',
    growTitle: 'Kante um Bildpixel nach außen oder innen rücken',
    growMore: 'Um ein Pixel erweitern',
    growLess: 'Um ein Pixel verkleinern',
    grownBy: (px) => (px > 0 ? `+${whole.format(px)} px` : `${whole.format(px).replace('-', '−')} px`),
    invert: 'Alles außer dem Objekt',
    refineTitle: 'Den Kanten im Bild selbst folgen: dauert etwas länger',
    refineNeedless: 'In einem so kleinen Bild sind Umrisse schon scharf',
  },
  deliver: {
    insert: 'Umriss einfügen',
    insertFilled: 'Gefüllten Umriss einfügen',
    update: 'Ebene ändern',
    insertCutout: 'Ausschnitt einfügen',
    separate: 'Vom Hintergrund trennen',
    insertImage: 'Als Bild einfügen, weiche Kante',
    insertFurryImage: 'Als Bild einfügen, mit Fell',
    svg: 'SVG sichern',
    cutout: 'Ausschnitt sichern',
    softCutout: 'Ausschnitt sichern, weiche Kante',
    furryCutout: 'Ausschnitt sichern, mit Fell',
    copySvg: 'SVG kopieren',
    geojson: 'GeoJSON sichern',
  },
  delivered: {
    saved: (name) => `${name} gesichert.`,
    copied: 'SVG kopiert.',
    inserted: (name, beside) => `„${name}“${besideWhat(beside)} eingefügt${because(beside)}.`,
    insertedSeveral: (count, beside) => `${layers(count)}${besideWhat(beside)} eingefügt${because(beside)}.`,
    separated: (name, originalAfter, beside) =>
      `Das Objekt von „${name}“${besideWhat(beside)} vom Hintergrund getrennt${because(beside)}.${ORIGINAL[originalAfter]}`,
    updated: (name) => `„${name}“ geändert.`,
  },
  layer: {
    selected: (name) => `„${name}“ ist ausgewählt.`,
    open: 'Markierungen ändern',
    opened: (name) => `„${name}“ wird geändert.`,
    close: 'Lieber eine neue Ebene',
  },
  tabs: {
    group: 'Was gesucht wird',
    object: 'Objekt',
    everything: 'Alles',
  },
  everything: {
    intro: 'Jedes Objekt im Bild, als Ebenen in einem Baum.',
    find: 'Alles finden',
    again: 'Neu suchen',
    goOn: 'Weiter',
    stop: 'Stopp',
    preparing: 'Wird vorbereitet…',
    looking: 'Sucht…',
    finishing: 'Wird geordnet…',
    progress: 'Alles wird gesucht',
    found: (count) => `${whole.format(count)} gefunden`,
    left: timeLeft,
    stopped: 'angehalten',
    lost: 'Die Verbindung ist abgerissen. Das Gefundene bleibt.',
    nothing: 'Nichts gefunden.',
    nothingHint: 'Markier das Objekt selbst unter „Objekt“.',
    allHidden: 'Kein Objekt dieser Größe wird gezeigt.',
    changed: 'Such neu, um die Änderung zu sehen.',
    layered: (count) => `${whole.format(count)} ${count === 1 ? 'hat' : 'haben'} schon eine Ebene`,
    allLayered: (count) =>
      count === 1 ? 'Es hat schon eine Ebene.' : `Alle ${whole.format(count)} haben schon eine Ebene.`,
    layeredBadge: 'hat Ebene',
    tree: 'Gefundene Objekte',
    chosen: (count, of) =>
      count === of
        ? `alle ${whole.format(of)} gewählt`
        : `${whole.format(count)} von ${whole.format(of)} gewählt`,
    fewer: 'Weniger',
    more: 'Mehr',
    amount: 'Weniger bis mehr Objekte',
    amountValue: (count, of) => `die ${whole.format(count)} sichersten von ${whole.format(of)}`,
    small: 'Klein',
    large: 'Groß',
    size: 'Kleine bis große Objekte',
    sizeValue: (share) => (share === 0 ? 'jede Größe' : `ab ${percent(share)} des Bildes`),
    sharedEdges: 'Gemeinsame Kanten',
    sharedEdgesHint: '– was sich berührt, schließt genau an',
    adjust: 'Anpassen',
    open: 'Bearbeiten',
    sharedEdgesTitle: 'Objekte, die sich berühren, schließen genau an: keine Lücken, kein Überlappen',
    insert: (count) => `${layers(count)} einfügen`,
    save: (count) => `${layers(count)} sichern`,
    inserting: (done, total) => `${whole.format(done)} von ${whole.format(total)} eingefügt…`,
    inserted: (count, beside) => `${layers(count)}${besideWhat(beside)} eingefügt${because(beside)}.`,
    choices: 'Was aus den Objekten wird',
    styles: {
      outlines: 'Als Umrisse',
      cutouts: 'Als Ausschnitte',
    },
    formats: {
      svg: 'SVG',
      geojson: 'GeoJSON',
      coco: 'COCO',
      'sa-1b': 'SA-1B',
      layers: 'ZIP mit Ebenen',
      ora: 'OpenRaster',
    },
    spoken: {
      started: 'Alles wird gesucht.',
      found: (count) => (count === 1 ? '1 Objekt gefunden.' : `${whole.format(count)} Objekte gefunden.`),
      stopped: (count) => `Angehalten, ${whole.format(count)} gefunden.`,
      object: (name, level, of) => (of > 1 ? `${name}, ${level} von ${of} von innen nach außen` : name),
    },
  },
  deliverMore: 'Was sonst mit dem Umriss geht',
  deliverSeveral: (what, count) => `${what} × ${whole.format(count)}`,
  delivering: 'Einen Moment…',
  canvas: {
    label: 'Bild',
    keys: 'Pfeiltasten bewegen den Zeiger, I markiert innen, O außen, Enter schließt ab. Tab geht von Umriss zu Umriss, nach dem letzten weiter. F6 geht zu den Knöpfen und zurück.',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    fit: 'Bild einpassen',
    zoom: (scale) => `${whole.format(Math.round(scale * 100))} %`,
    preparing: 'Das Bild wird vorbereitet',
  },
  spoken: {
    opened: (name, width, height) => `${name}, ${width} mal ${height} Pixel.`,
    preparing: 'Das Bild wird vorbereitet.',
    ready: 'Bereit. Markier das Objekt.',
    at: (x, y) => `${Math.round(x * 100)} % von links, ${Math.round(y * 100)} % von oben`,
    onOutline: ', im Umriss',
    outline: (which, index, count, cost) => `${which}, ${index} von ${count}: ${cost}.`,
    marked: (what, count) => `${what}. ${marks(count)}.`,
    notInverted: 'Wieder das Objekt.',
    object: (name, count) =>
      `${name}; ${count === 1 ? '1 Objekt' : `${whole.format(count)} Objekte`} markiert.`,
    marksLeft: (count) => `Noch ${marks(count)}.`,
    firstCorner: 'Erste Ecke. Geh zur anderen und markier auch sie.',
    noBox: 'Die erste Ecke ist zurückgenommen.',
    cleared: 'Alle Markierungen gelöscht.',
    connected: 'Verbunden.',
  },
  menu: {
    connection: 'Verbindung',
    shortcuts: 'Tasten',
    about: 'Über Cutline',
    language: 'Sprache',
    systemLanguage: 'wie das System',
    address: 'Sidecar',
    model: 'Modell',
    device: 'Gerät',
    unpair: 'Diese Verbindung vergessen',
    none: 'Nicht verbunden',
    privacy: 'Bilder bleiben auf diesem Rechner: Sie gehen nur an den Sidecar, der hier läuft.',
    version: (version, protocol) => `Cutline ${version}, Protokoll ${protocol}`,
    licence: (model, licence) => `Modell ${model}, Lizenz ${licence}`,
  },
  originalAfter: {
    label: 'Bild nach dem Trennen:',
    choices: { keep: 'bleibt', hide: 'ausgeblendet', lock: 'gesperrt' },
  },
  failure: { details: 'Einzelheiten', undo: 'Rückgängig', dismiss: 'Ausblenden' },
  resize: 'Fenstergröße ändern',
  ranks: { only: 'Objekt', names: ['Teil', 'Objekt', 'Gruppe', 'Alles'] },
  shortcuts: [
    ['Klick, Alt-Klick', 'innen, außen'],
    ['Ziehen', 'Kasten; mit Pinsel oder Lasso eine Linie'],
    ['Alt-Ziehen', 'mit Pinsel oder Lasso: wegnehmen'],
    ['[, ]', 'kleinerer, größerer Pinsel'],
    ['Alt-Klick auf Marke', 'umdrehen'],
    ['Leertaste-Ziehen, Rad', 'verschieben, zoomen'],
    ['+, −', 'größer, kleiner'],
    ['0, Umschalt-0', 'einpassen, 100 %'],
    ['1, 2, 3 oder Tab', 'Teil, Objekt, Gruppe'],
    ['Pfeile, Umschalt-Pfeile', 'Zeiger bewegen'],
    ['I, O', 'innen, außen markieren'],
    ['F6', 'zu den Knöpfen und zurück'],
    ['Rücktaste', 'letzte Marke entfernen'],
    ['Cmd/Strg-Z, mit Umschalt', 'rückgängig, wiederholen'],
    ['Klick auf ein Objekt', 'bearbeiten'],
    ['Tab, Alt-Rad darauf', 'Teil, Objekt, Gruppe'],
    ['Esc', 'leeren; in Figma dann schließen'],
    ['Enter', 'einfügen oder sichern'],
    ['Umschalt-Enter', 'ausschneiden'],
  ],
  failures: {
    BUSY: { message: 'Der Sidecar hat zu viel zu tun.', hint: 'Versuch es gleich noch einmal.' },
    DEADLINE: { message: 'Das hat zu lange gedauert.', hint: 'Versuch es noch einmal.' },
    DISCONNECTED: {
      message: 'Die Verbindung zum Sidecar ist abgerissen.',
      hint: 'Sie kommt von selbst wieder, sobald er läuft.',
    },
    SHUTTING_DOWN: { message: 'Der Sidecar wird beendet.', hint: 'Starte ihn neu.' },
    INTERNAL: {
      message: 'Etwas Unerwartetes ist schiefgegangen.',
      hint: 'Versuch es noch einmal; mehr steht im Protokoll des Sidecars.',
    },
    NODE_GONE: { message: 'Die Ebene gibt es nicht mehr.', hint: 'Wähl ein Bild aus.' },
    NODE_CHANGED: { message: 'Das Bild hat sich geändert.', hint: 'Wähl es noch einmal aus.' },
    NODE_READ_ONLY: {
      message: 'Hier lässt sich nichts einfügen.',
      hint: 'Nimm eine Datei, die du bearbeiten darfst.',
    },
    IMAGE_MISSING: { message: 'Der Datei fehlt das Bild.', hint: 'Füg es in Figma neu ein.' },
    EXPORT_FAILED: { message: 'Figma gibt das Bild nicht her.', hint: 'Versuch es noch einmal.' },
    IMAGE_UNREADABLE: {
      message: 'Das ist kein Bild, das sich hier zeigen lässt.',
      hint: 'Nimm PNG, JPEG, WebP, GIF oder AVIF.',
    },
    IMAGE_TRUNCATED: {
      message: 'Die Bilddatei ist beschädigt oder nicht vollständig.',
      hint: 'Sichere sie neu.',
    },
    IMAGE_UNKNOWN: { message: 'Das Bild ist noch nicht bereit.', hint: 'Versuch es gleich noch einmal.' },
    PAIRING_CODE_WRONG: {
      message: 'Das ist nicht der Code, der im Terminal steht.',
      hint: 'Sieh noch einmal nach.',
    },
    PAIRING_EXPIRED: { message: 'Der Code gilt nicht mehr.', hint: 'Lass dir einen neuen zeigen.' },
  },
};

/** Why a layer is not right above its image. */
const CLOSED: Readonly<Record<ClosedKind, string>> = {
  instance: 'in eine Instanz kommt keine Ebene',
  booleanOperation: 'in einer booleschen Operation änderte die Ebene deren Form',
  transformGroup: 'in einer transformierten Gruppe würde sie mit transformiert',
  layoutGroup: 'darin würde sie das Auto-Layout verschieben',
  componentSet: 'ein Komponenten-Set nimmt nur Komponenten',
};

/** What became of the image, as one more sentence. */
const ORIGINAL: Readonly<Record<OriginalAfter | 'left', string>> = {
  keep: '',
  hide: ' Das Bild ist ausgeblendet.',
  lock: ' Das Bild ist gesperrt.',
  left: ' Das Bild ist, wie es war, denn es enthält Ebenen.',
};

function besideWhat(beside: Beside | undefined): string {
  return beside ? ` neben „${beside.name}“` : '';
}

function because(beside: Beside | undefined): string {
  return beside ? `: ${CLOSED[beside.closed]}` : '';
}

function layers(count: number): string {
  return count === 0 ? 'Ebenen' : count === 1 ? '1 Ebene' : `${whole.format(count)} Ebenen`;
}

function nodesOf(count: number): string {
  return `${whole.format(count)} Knoten`;
}

function timeLeft(ms: number): string {
  if (ms < 1_500) return 'fast fertig';
  const seconds = ms / 1_000;
  return seconds < 90 ? `noch etwa ${Math.round(seconds)} s` : `noch etwa ${Math.round(seconds / 60)} min`;
}

function percent(share: number): string {
  return `${twoDigits.format(100 * share)} %`;
}

function pixels(px: number): string {
  return `${(px < 0.095 ? hundredths : tenths).format(px)} px`;
}

function marks(count: number): string {
  return count === 1 ? '1 Markierung' : `${whole.format(count)} Markierungen`;
}
