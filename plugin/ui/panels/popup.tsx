/** A button that opens a small panel beside it. Nothing is blocked: a click elsewhere or Esc closes it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

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
  useClickElsewhere(frame, isOpen, () => setOpen(false));
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      ref={frame}
      class={`popup ${className}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        close();
      }}
    >
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
      {isOpen && <div class="popup-panel">{children(close)}</div>}
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
