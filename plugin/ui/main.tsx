/** The plugin's window. */
import { createFigmaHost } from './figma-host.js';
import { startApp } from './start.js';

startApp(createFigmaHost(window), document.body);
