/** Something went wrong: one sentence, what to do about it, and that as a button. */
import type { ComponentChildren } from 'preact';
import { wordsOf } from '../failure.js';
import { IconClose } from '../icons.js';
import type { Failure } from '../situation.js';
import { strings } from '../strings.js';
import { RequestId } from './request-id.js';

interface NoticeProps {
  readonly message: string;
  readonly hint?: string;
  /** Buttons with the next steps. */
  readonly children?: ComponentChildren;
  /** Shown only when the details are opened. */
  readonly code?: string;
  /** Shown small, to be copied. */
  readonly requestId?: string | undefined;
  readonly tone?: 'plain' | 'error';
  /** Present where the notice can be put away. */
  readonly onDismiss?: (() => void) | undefined;
}

export function Notice({ message, hint, children, code, requestId, tone = 'plain', onDismiss }: NoticeProps) {
  return (
    <div class="notice" data-tone={tone}>
      {onDismiss && <DismissButton onClick={onDismiss} />}
      <p>
        <strong>{message}</strong> {hint && <span class="muted">{hint}</span>}
      </p>
      {children && <div class="notice-actions">{children}</div>}
      {requestId !== undefined && <RequestId key={requestId} id={requestId} />}
      {code && (
        <details>
          <summary>{strings.failure.details}</summary>
          <code>{code}</code>
        </details>
      )}
    </div>
  );
}

function DismissButton({ onClick }: { onClick(): void }) {
  const { dismiss } = strings.failure;
  return (
    <button type="button" class="icon-button dismiss" title={dismiss} aria-label={dismiss} onClick={onClick}>
      <IconClose />
    </button>
  );
}

interface FailureNoticeProps extends Pick<NoticeProps, 'children' | 'onDismiss'> {
  readonly failure: Failure;
}

export function FailureNotice({ failure, children, onDismiss }: FailureNoticeProps) {
  const { message, hint } = wordsOf(failure);
  const { code, requestId } = failure;
  return (
    <Notice
      tone="error"
      message={message}
      hint={hint}
      code={code}
      requestId={requestId}
      onDismiss={onDismiss}
    >
      {children}
    </Notice>
  );
}
