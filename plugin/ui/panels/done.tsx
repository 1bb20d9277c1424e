/** What was done, for a moment, over the image; a screen reader has it from the live region. */
import { useEffect, useState } from 'preact/hooks';

/** As long as the fading in app.css has it. */
const SHOWN_MS = 4_000;

export function Done({ message }: { readonly message: string }) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  return isOver ? null : <p class="done">{message}</p>;
}
