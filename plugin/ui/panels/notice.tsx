/** Something went wrong: one sentence, what to do about it, and that as a button. */
import type { ComponentChildren } from 'preact';
import type { Failure } from '../state.js';
import { strings } from '../strings.js';

interface NoticeProps {
  readonly message: string;
  readonly hint?: string;
  /** Buttons with the next steps. */
  readonly children?: ComponentChildren;
  /** Shown only when the details are opened. */
  readonly code?: string;
  readonly tone?: 'plain' | 'error';
}

export function Notice({ message, hint, children, code, tone = 'plain' }: NoticeProps) {
  return (
    <div class="notice" data-tone={tone}>
      <p>
        <strong>{message}</strong> {hint && <span class="muted">{hint}</span>}
      </p>
      {children && <div class="notice-actions">{children}</div>}
      {code && (
        <details>
          <summary>{strings.failure.details}</summary>
          <code>{code}</code>
        </details>
      )}
    </div>
  );
}

export function FailureNotice({ failure, children }: { failure: Failure; children?: ComponentChildren }) {
  return (
    <Notice tone="error" message={failure.message} hint={failure.hint} code={failure.code}>
      {children}
    </Notice>
  );
}
