/** A button with words on it, as Figma draws them; the library's own gives the focus away when Esc is pressed. */
import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  /** Beside a primary one, or where nothing depends on it. */
  readonly secondary?: boolean;
  readonly fullWidth?: boolean;
  readonly disabled?: boolean;
  /** It was pressed and is not done: keeps the focus and its name, and takes no second press. */
  readonly loading?: boolean;
  readonly title?: string | undefined;
  onClick(): void;
}

export function Button({ children, secondary, fullWidth, disabled, loading, title, onClick }: ButtonProps) {
  return (
    <button
      type="button"
      class="button"
      data-secondary={secondary}
      data-wide={fullWidth}
      data-loading={loading}
      aria-busy={loading}
      disabled={disabled}
      title={title}
      onClick={loading ? undefined : onClick}
    >
      <span>{children}</span>
    </button>
  );
}
