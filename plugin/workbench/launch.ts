/** The one-time ticket with which `npm start` opens the workbench. */

/**
 * Takes the ticket out of `#launch=…`. The address is cleaned at once, so that it neither stays in the history
 * nor travels when somebody copies it.
 */
export function takeLaunchTicket({ location, history }: Window): string | undefined {
  const ticket = new URLSearchParams(location.hash.slice(1)).get('launch');
  if (ticket === null) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return ticket;
}
