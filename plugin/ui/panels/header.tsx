/** What is open, where it is computed, and the menu. */
import { IconEllipsis32 } from '@create-figma-plugin/ui';
import type { Connection } from '../connection.js';
import type { LanguageChoice } from '../language-choice.js';
import type { Link, Source } from '../situation.js';
import type { State } from '../state.js';
import { strings } from '../strings.js';
import { Menu } from './menu.js';
import { Popup } from './popup.js';

interface HeaderProps {
  readonly state: State;
  readonly connection: Pick<Connection, 'forget'>;
  /** Present where people bring files. */
  readonly onChoose: (() => void) | undefined;
  onLanguage(language: LanguageChoice): void;
}

export function Header({ state, connection, onChoose, onLanguage }: HeaderProps) {
  return (
    <header class="header">
      <Title source={state.source} />
      {onChoose && state.source.kind !== 'empty' && (
        <button type="button" class="text-button" onClick={onChoose}>
          {strings.header.open}
        </button>
      )}
      <LinkStatus link={state.link} />
      <Popup label={strings.header.menu} icon={<IconEllipsis32 />} class="menu">
        {() => (
          <Menu
            link={state.link}
            language={state.language}
            onForget={() => connection.forget()}
            onLanguage={onLanguage}
          />
        )}
      </Popup>
    </header>
  );
}

function Title({ source }: { readonly source: Source }) {
  if (source.kind === 'opening') return <h1 class="title">{source.name}</h1>;
  if (source.kind !== 'image') return <h1 class="title">Cutline</h1>;
  const { name, width, height } = source.image;
  return (
    <h1 class="title" title={name}>
      {name} <span class="muted">· {strings.header.size(width, height)}</span>
    </h1>
  );
}

function LinkStatus({ link }: { readonly link: Link }) {
  const { local, localTitle, searching, offline } = strings.header;
  const online = link.kind === 'online';
  const text = online ? local : link.kind === 'searching' ? searching : offline;
  return (
    <span class="link-status" data-kind={link.kind} title={online ? localTitle(link.server.device) : text}>
      {text}
      {online && link.server.device && <span class="muted"> · {link.server.device}</span>}
    </span>
  );
}
