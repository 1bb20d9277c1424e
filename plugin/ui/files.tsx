/** Files that people bring to the page: dropped anywhere on it, or picked in a dialog. */
import { useRef, useState } from 'preact/hooks';
import type { Host } from './host.js';

/** What browsers can show; the sidecar would read TIFF, too. */
const IMAGE_TYPES = 'image/png,image/jpeg,image/webp,image/gif,image/avif';

/** Where the host takes no files, everything here does nothing. */
export function useFiles({ openFile }: Host) {
  const input = useRef<HTMLInputElement>(null);
  const [isDropping, setDropping] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) openFile?.(file);
  };
  const dropTarget = {
    onDragOver(event: DragEvent) {
      event.preventDefault();
      setDropping(true);
    },
    onDragLeave(event: DragEvent) {
      // Moving on to a child is not leaving.
      if (event.relatedTarget === null) setDropping(false);
    },
    onDrop(event: DragEvent) {
      event.preventDefault();
      setDropping(false);
      take(event.dataTransfer?.files);
    },
  };
  return {
    isDropping,
    choose: () => input.current?.click(),
    dropTarget: openFile ? dropTarget : {},
    input: openFile && (
      <input
        ref={input}
        type="file"
        accept={IMAGE_TYPES}
        hidden
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file may be picked again.
          event.currentTarget.value = '';
        }}
      />
    ),
  };
}
