/** What was done, over the image for as long as it takes to read; a screen reader has it from the live region. */
import { useEffect, useState } from 'preact/hooks';

/** From here on a sentence takes more than one line of a small window, and longer to read. */
const LONG = 40;

/** As long as the fading in app.css has it, of a short sentence and of a long one. */
const SHOWN_MS = { short: 4_000, long: 9_000 } as const;

export function Done({ message }: { readonly message: string }) {
  const [isOver, setOver] = useState(false);
  const isLong = message.length > LONG;
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), SHOWN_MS[isLong ? 'long' : 'short']);
    return () => clearTimeout(timer);
  }, []);
  return isOver ? null : (
    <p class="done" data-long={isLong}>
      {message}
    </p>
  );
}
