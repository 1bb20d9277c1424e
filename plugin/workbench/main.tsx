/** The workbench: the same interface as a page of its own. */
import { startApp } from '../ui/start.js';
import sampleUrl from './sample.png?inline';
import { createWorkbenchHost } from './workbench-host.js';

startApp(createWorkbenchHost(window, sampleUrl), document.body);
