/** Takes the code that the sidecar shows in its terminal. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { wordsOf } from '../failure.js';
import type { Connection } from '../connection.js';
import type { Link } from '../situation.js';
import { strings } from '../strings.js';
import { Button } from './button.js';

const CODE_LENGTH = 8;

interface PairingFormProps {
  readonly link: Extract<Link, { kind: 'pairing' }>;
  readonly connection: Pick<Connection, 'submitCode' | 'renewCode'>;
}

export function PairingForm({ link, connection }: PairingFormProps) {
  const [code, setCode] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // A refused code is cleared and typed anew.
    if (link.failure) setCode('');
    field.current?.focus();
  }, [link.failure]);
  // No <form>: Figma's sandboxed window would not submit it.
  const submit = () => {
    if (code.length === CODE_LENGTH) connection.submitCode(code);
  };
  const words = link.failure && wordsOf(link.failure);
  return (
    <div class="notice" data-tone={link.failure ? 'error' : 'plain'}>
      <p>
        <strong>{words?.message ?? strings.pairing.title}</strong>{' '}
        <span class="muted">{words?.hint ?? strings.pairing.hint}</span>
      </p>
      <div class="notice-actions">
        {link.stage === 'ended' ? (
          <Button onClick={() => connection.renewCode()}>{strings.pairing.renew}</Button>
        ) : (
          <>
            <input
              ref={field}
              class="code-field"
              aria-label={strings.pairing.label}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              disabled={link.stage === 'checking'}
              value={code}
              onInput={(event) => setCode(tidyCode(event.currentTarget))}
              onKeyDown={({ key }) => key === 'Enter' && submit()}
            />
            <Button loading={link.stage === 'checking'} disabled={code.length < CODE_LENGTH} onClick={submit}>
              {strings.pairing.connect}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

/** Codes are pasted with spaces and dashes, and typed in lower case. */
function tidyCode(field: HTMLInputElement): string {
  const code = field.value
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, CODE_LENGTH);
  field.value = code;
  return code;
}
