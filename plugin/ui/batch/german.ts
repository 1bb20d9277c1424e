/** What a person reads while several images are worked through, in German. */
import { layers, timeLeft, whole } from '../german-phrases.js';
import type { Strings } from '../strings.js';

/** What Figma calls its nodes; a kind that is not here keeps its English name. */
const KINDS: Readonly<Record<string, string>> = {
  'boolean operation': 'Boolesche Gruppe',
  component: 'Komponente',
  'component set': 'Variantengruppe',
  connector: 'Verbinder',
  ellipse: 'Ellipse',
  frame: 'Frame',
  group: 'Gruppe',
  instance: 'Instanz',
  layer: 'Ebene',
  line: 'Linie',
  polygon: 'Polygon',
  rectangle: 'Rechteck',
  section: 'Abschnitt',
  'shape with text': 'Form mit Text',
  slide: 'Folie',
  star: 'Stern',
  sticky: 'Notiz',
  text: 'Text',
  vector: 'Vektor',
};

export const batchGerman: Strings['batch'] = {
  images: (count) => imagesOf(count),
  layers: (count) => `${layers(count)} von Cutline`,
  held: (count) => `${layers(count)} ausgewählt.`,
  work: 'Alle bearbeiten',
  list: 'Was ausgewählt ist',
  others: {
    'no-image-fill': (what) => `${KINDS[what] ?? what}, kein Bild`,
    'image-missing': () => 'der Datei fehlt das Bild',
  },
  more: (count) => `und ${whole.format(count)} weitere`,
  tasksLabel: 'Was in jedem gesucht wird',
  tasks: { largest: 'Größtes Objekt', box: 'Gleicher Kasten', everything: 'Alles', again: 'Neu finden' },
  hints: {
    largest: 'Das Größte, was in jedem Bild steht, nicht was darum herum ist.',
    box: '',
    everything: 'Alle Objekte jedes Bildes, als Ebenen in einem Baum.',
    again: 'Ihre Umrisse, neu gefunden mit den Markierungen, aus denen sie entstanden.',
  },
  boxInset: 'Das Objekt in einem Kasten um das ganze Bild, 5\u00a0% vom Rand entfernt.',
  boxDrawn: (across, down) =>
    `Das Objekt im zuletzt gezogenen Kasten: ${across} von links, ${down} von oben.`,
  boxSpan: (from, to) => `${Math.round(100 * from)} bis ${Math.round(100 * to)}\u00a0%`,
  boxReset: 'Ganzes Bild nehmen',
  stylesLabel: 'Was eingefügt wird',
  styles: { outlines: 'Umrisse', cutouts: 'Ausschnitte' },
  model: 'Modell',
  start: {
    largest: (count) => `Mit ${imagesDative(count)} anfangen`,
    box: (count) => `Mit ${imagesDative(count)} anfangen`,
    everything: (count) => `Mit ${imagesDative(count)} anfangen`,
    again: (count) => `${layers(count)} neu finden`,
  },
  offline: 'Es geht los, sobald der Sidecar antwortet.',
  stages: {
    reading: 'Liest…',
    preparing: 'Bereitet vor…',
    looking: 'Sucht…',
    inserting: 'Fügt ein…',
  },
  waiting: 'wartet',
  inserted: (count) => (count === 0 ? 'nichts Neues' : layers(count)),
  changed: 'neu gefunden',
  failed: 'nicht gemacht',
  show: (name) => `Ebenen von ${name} auswählen`,
  progress: 'Die Liste wird abgearbeitet',
  running: (done, all) => `${whole.format(done)} von ${whole.format(all)} fertig`,
  left: timeLeft,
  stop: 'Anhalten',
  over: (done, all, made) =>
    `${done === all ? (all === 1 ? 'Fertig' : `Alle ${whole.format(all)} fertig`) : `${whole.format(done)} von ${whole.format(all)} fertig`}: ${made === 0 ? 'nichts Neues' : layers(made)}.`,
  noneOver: 'Nichts wurde gemacht.',
  stopped: 'Angehalten. Was eingefügt ist, bleibt.',
  lost: 'Die Verbindung ist abgerissen. Was eingefügt ist, bleibt.',
  goOn: 'Weiter',
  retry: 'Die gescheiterten noch einmal',
  close: 'Fertig',
  wanted: {
    'cut-out': 'Wähl die Bilder, deren Motiv ausgeschnitten werden soll.',
    outline: 'Wähl die Bilder, deren Motiv einen Umriss bekommen soll.',
    everything: 'Wähl die Bilder, in denen alles gefunden werden soll.',
  },
  wantedHint: 'Eine oder mehrere Ebenen mit Bildfüllung.',
  notices: {
    working: (name, index, all) =>
      all === 1 ? `${name} wird bearbeitet…` : `${name} wird bearbeitet, ${index} von ${all}…`,
    done: {
      'cut-out': (done, all) => `Ausgeschnitten: ${shareOf(done, all)}.`,
      outline: (done, all) => `Umrisse: ${shareOf(done, all)}.`,
      everything: (done, all) => `Alles gefunden: ${shareOf(done, all)}.`,
    },
    failed: (name, why) => `${name}: ${why}`,
  },
  spoken: {
    done: (name) => `${name} fertig.`,
    failed: (name, why) => `${name}: ${why}`,
  },
};

function imagesOf(count: number): string {
  return count === 1 ? '1 Bild' : `${whole.format(count)} Bilder`;
}

function imagesDative(count: number): string {
  return count === 1 ? '1 Bild' : `${whole.format(count)} Bildern`;
}

function shareOf(done: number, all: number): string {
  return done === all ? imagesOf(all) : `${whole.format(done)} von ${imagesDative(all)}`;
}
