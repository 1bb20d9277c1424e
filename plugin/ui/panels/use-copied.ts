/** Whether something was copied a moment ago. */
import { useEffect, useState } from 'preact/hooks';

/** How long "Copied" stays on the button. */
const COPIED_MS = 2_000;

/** @returns Whether to say so, and what makes it so for a while. */
export function useCopied(): { readonly copied: boolean; show(): void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return { copied, show: () => setCopied(true) };
}
