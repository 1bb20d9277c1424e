import { afterEach, describe, expect, it, vi } from 'vitest';
import { german } from '../../../plugin/ui/german.js';
import type { Settings } from '../../../plugin/ui/host.js';
import { asLanguageChoice } from '../../../plugin/ui/language-choice.js';
import { keepLanguage, languageOf } from '../../../plugin/ui/language.js';
import { INITIAL_STATE } from '../../../plugin/ui/state.js';
import { Store } from '../../../plugin/ui/store.js';
import { candidateName, english, speak, strings } from '../../../plugin/ui/strings.js';
import { settle } from './support.js';

// As a file does that holds on to its part of the words.
const held = strings.everything;

afterEach(() => speak(english));

/** Every entry with where it is. */
function entriesOf(words: object, path = ''): [string, unknown][] {
  return Object.entries(words).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null ? entriesOf(value, `${path}${key}.`) : [[path + key, value]],
  );
}

function start(kept: Settings, languages: readonly string[]) {
  const store = new Store(INITIAL_STATE);
  const save = vi.fn();
  const document = { documentElement: { lang: '' } };
  const settings = { load: () => Promise.resolve(kept), save };
  keepLanguage(store, { settings }, { languages, document });
  return { store, save, document };
}

describe('the language', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr', 'de'], 'de'],
    [['en-GB', 'de'], 'en'],
    [['fr', 'ja'], 'en'],
    [['constructor'], 'en'],
    [[], 'en'],
  ] as const)('of a system that prefers %j is %s', (preferred, language) => {
    expect(languageOf('system', preferred)).toBe(language);
  });

  it('is the one that was chosen, whatever the system prefers', () => {
    expect(languageOf('en', ['de'])).toBe('en');
    expect(languageOf('de', ['en'])).toBe('de');
  });

  it('forgets a choice that there is not any more', () => {
    expect(asLanguageChoice('de')).toBe('de');
    expect(asLanguageChoice('system')).toBe('system');
    for (const value of ['fr', 1, undefined, 'toString']) expect(asLanguageChoice(value)).toBeUndefined();
  });

  it('changes at once, for whoever holds a part of the words, too, and back again', () => {
    speak(german);
    expect(held.find).toBe('Alles finden');
    expect(strings.shortcuts[0][1]).toBe('innen, außen');
    expect(strings.failures.BUSY?.message).toBe('Der Sidecar hat zu viel zu tun.');
    expect(candidateName(0, 3)).toBe('Teil');
    speak(english);
    expect(held.find).toBe('Find everything');
    expect(strings).toEqual(english);
  });

  it('is the system’s until another is chosen, which is spoken and kept', async () => {
    const { store, save, document } = start({}, ['de']);
    expect(strings.menu.about).toBe(german.menu.about);
    expect(document.documentElement.lang).toBe('de');
    await settle();
    store.dispatch({ type: 'languageChosen', language: 'en' });
    expect(strings.menu.about).toBe('About');
    expect(document.documentElement.lang).toBe('en');
    expect(save).toHaveBeenLastCalledWith({ language: 'en' });
  });

  it('is the one of the last time', async () => {
    const { store } = start({ language: 'de' }, ['en']);
    expect(strings.menu.about).toBe('About');
    await settle();
    expect(strings.menu.about).toBe(german.menu.about);
    expect(store.state.language).toBe('de');
  });
});

describe('the German words', () => {
  it('are there for every English one, and nothing but shortcuts and formats stays as it is', () => {
    const translated = new Map(entriesOf(german));
    const same = entriesOf(english)
      .filter(([, value]) => typeof value === 'string')
      .filter(([path, value]) => translated.get(path) === value)
      .map(([path]) => path);
    expect(entriesOf(english).filter(([path]) => !translated.has(path))).toEqual([]);
    expect(same.filter((path) => !/^shortcuts|formats|menu\.address|lasso|hints\.box/.test(path))).toEqual(
      [],
    );
  });

  it.each([
    [german.outline.cost(1, 0.05), '1 Knoten, ≤ 0,05 px daneben'],
    [german.outline.cost(2_149, 0.46), '2.149 Knoten, ≤ 0,5 px daneben'],
    [german.everything.insert(0), 'Ebenen einfügen'],
    [german.everything.insert(1), '1 Ebene einfügen'],
    [german.everything.insert(24), '24 Ebenen einfügen'],
    [german.everything.sizeValue(0.0123), 'ab 1,2 % des Bildes'],
    [german.everything.left(3_100), 'noch etwa 3 s'],
    [german.outline.grownBy(-2), '−2 px'],
    [german.spoken.marksLeft(1), 'Noch 1 Markierung.'],
  ])('count and measure as Germans do: %s', (said, expected) => {
    expect(said).toBe(expected);
  });
});
