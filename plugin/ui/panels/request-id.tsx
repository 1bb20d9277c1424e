/** What the sidecar's log calls a request that failed: for whoever reports it, copied with a click or with the keys. */
import { copyText } from '../clipboard.js';
import { strings } from '../strings.js';
import { useCopied } from './use-copied.js';

export function RequestId({ id }: { readonly id: string }) {
  const { copied, show } = useCopied();
  const words = strings.failure;
  return (
    <button
      type="button"
      class="request-id"
      title={words.copyRequest}
      aria-label={copied ? strings.link.copied : `${words.request(id)}, ${words.copyRequest}`}
      // Where the browser refuses, it can still be read off.
      onClick={() => void copyText(id).then(show, () => undefined)}
    >
      {copied ? strings.link.copied : words.request(id)}
    </button>
  );
}
