/** What a person can ask for of a list of images. */
import type { Store } from '../store.js';
import type { BatchController } from './controller.js';
import type { BatchChange } from './state.js';

export interface BatchCommands extends Pick<
  BatchController,
  'start' | 'stop' | 'resume' | 'close' | 'select'
> {
  change(change: BatchChange): void;
}

export function createBatchCommands(store: Store, controller: BatchController): BatchCommands {
  return {
    change: (change) => store.dispatch({ type: 'batch', change }),
    start: (task, selected, style) => controller.start(task, selected, style),
    stop: () => controller.stop(),
    resume: (retries) => controller.resume(retries),
    close: () => controller.close(),
    select: (item) => controller.select(item),
  };
}
