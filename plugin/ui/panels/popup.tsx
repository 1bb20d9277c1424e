/**
 * A button that opens a small panel beside it. Nothing is blocked: a click elsewhere, Tab out of it or Esc closes it;
 * arrow keys walk through it.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useFocusOnOpen, walkItems } from './popup-focus.js';

interface PopupProps {
  readonly label: string;
  readonly icon: ComponentChildren;
  readonly class: string;
  readonly disabled?: boolean;
  /** Gets what closes the panel and gives the focus back. */
  readonly children: (close: () => void) => ComponentChildren;
}

export function Popup({ label, icon, class: className, disabled, children }: PopupProps) {
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useClickElsewhere(frame, isOpen, () => setOpen(false));
  useFocusOnOpen(panel, isOpen);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      setOpen(true);
    } else if (event.key === 'Escape') close();
    else if (!walkItems(panel.current!, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof Node && !frame.current!.contains(relatedTarget)) setOpen(false);
  };
  return (
    <div ref={frame} class={`popup ${className}`} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        aria-expanded={isOpen}
        disabled={disabled}
        onClick={() => setOpen(!isOpen)}
      >
        {icon}
      </button>
      {isOpen && (
        <div ref={panel} class="popup-panel">
          {children(close)}
        </div>
      )}
    </div>
  );
}

function useClickElsewhere(
  frame: { readonly current: HTMLElement | null },
  isOpen: boolean,
  close: () => void,
) {
  useEffect(() => {
    if (!isOpen) return;
    const onPointerDown = (event: PointerEvent) => {
      if (!frame.current?.contains(event.target as Node)) close();
    };
    document.addEventListener('pointerdown', onPointerDown, true);
    return () => document.removeEventListener('pointerdown', onPointerDown, true);
  }, [isOpen]);
}
