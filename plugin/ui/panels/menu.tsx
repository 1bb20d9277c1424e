/** The menu behind the three dots: connection, shortcuts, about. */
import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import { LANGUAGES } from '../language-choice.js';
import type { LanguageChoice } from '../language-choice.js';
import type { Link } from '../situation.js';
import { strings } from '../strings.js';

interface MenuProps {
  readonly link: Link;
  readonly language: LanguageChoice;
  onForget(): void;
  onLanguage(language: LanguageChoice): void;
}

export function Menu({ link, language, onForget, onLanguage }: MenuProps) {
  const { menu } = strings;
  return (
    <div class="menu-sections">
      <details name="menu" open>
        <summary>{menu.connection}</summary>
        <Connection link={link} onForget={onForget} />
      </details>
      <details name="menu">
        <summary>{menu.shortcuts}</summary>
        <dl class="pairs">
          {strings.shortcuts.map(([keys, meaning]) => (
            <div key={keys}>
              <dt>{keys}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </details>
      <details name="menu">
        <summary>{menu.language}</summary>
        <Languages language={language} onLanguage={onLanguage} />
      </details>
      <details name="menu">
        <summary>{menu.about}</summary>
        <p>{menu.version(__VERSION__, PROTOCOL_VERSION)}</p>
        {link.kind === 'online' && <p>{menu.licence(link.server.model, link.server.licence)}</p>}
        <p>{menu.privacy}</p>
      </details>
    </div>
  );
}

function Languages({ language, onLanguage }: Pick<MenuProps, 'language' | 'onLanguage'>) {
  const names = { ...LANGUAGES, system: strings.menu.systemLanguage };
  return (
    <div role="radiogroup" aria-label={strings.menu.language}>
      {(Object.keys(names) as LanguageChoice[]).map((choice) => (
        <label key={choice} class="radio" lang={choice === 'system' ? undefined : choice}>
          <input
            type="radio"
            name="language"
            checked={choice === language}
            onChange={() => onLanguage(choice)}
          />
          {names[choice]}
        </label>
      ))}
    </div>
  );
}

function Connection({ link, onForget }: Pick<MenuProps, 'link' | 'onForget'>) {
  const { menu } = strings;
  if (link.kind !== 'online') return <p>{menu.none}</p>;
  const { origin, version, model, device } = link.server;
  const rows = [
    [menu.address, `${origin.replace('http://', '')} (${version})`],
    [menu.model, model],
    [menu.device, device ?? '–'],
  ];
  return (
    <>
      <dl class="pairs">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="text-button" onClick={onForget}>
        {menu.unpair}
      </button>
    </>
  );
}
