/** Which language the interface speaks: the one chosen in the menu, else the first of the person's own that there is. */
import type { Disposable } from 'vscode-jsonrpc';
import { german } from './german.js';
import type { Host } from './host.js';
import { asLanguageChoice } from './language-choice.js';
import type { Language, LanguageChoice } from './language-choice.js';
import type { Store } from './store.js';
import { english, speak } from './strings.js';
import type { Strings } from './strings.js';

const WORDS: Readonly<Record<Language, Strings>> = { en: english, de: german };

/**
 * @param preferred The person's languages as `navigator.languages` has them, best first.
 * @returns English where none of them is spoken.
 */
export function languageOf(choice: LanguageChoice, preferred: readonly string[]): Language {
  if (choice !== 'system') return choice;
  const known = preferred
    .map((tag) => tag.toLowerCase().split('-')[0]!)
    .find((code) => Object.hasOwn(WORDS, code));
  return (known ?? 'en') as Language;
}

/**
 * Speaks the language that is chosen, now and at each change, and keeps the choice. Listens to the store before anything
 * is rendered, so that what is rendered next has the new words.
 */
export function keepLanguage(
  store: Store,
  host: Pick<Host, 'settings'>,
  page: {
    readonly languages: readonly string[];
    readonly document: { readonly documentElement: { lang: string } };
  },
): Disposable {
  const speakNow = (choice: LanguageChoice) => {
    const language = languageOf(choice, page.languages);
    page.document.documentElement.lang = language;
    speak(WORDS[language]);
  };
  speakNow(store.state.language);
  const listening = store.subscribe(({ language }, previous) => {
    if (language === previous.language) return;
    speakNow(language);
    host.settings.save({ language });
  });
  void host.settings.load().then(({ language }) => {
    const kept = asLanguageChoice(language);
    if (kept) store.dispatch({ type: 'languageChosen', language: kept });
  });
  return listening;
}
