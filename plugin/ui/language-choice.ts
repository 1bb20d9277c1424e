/** The languages that there are, and what may be chosen. */

/** By their codes, named as those who speak them do. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof LANGUAGES;
export type LanguageChoice = Language | 'system';

/** What was kept, unless it is not a language any more. */
export function asLanguageChoice(value: unknown): LanguageChoice | undefined {
  return [...Object.keys(LANGUAGES), 'system'].find((choice) => choice === value) as
    LanguageChoice | undefined;
}
