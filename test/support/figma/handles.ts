/** The node objects that plugin code gets to see: nothing but what Figma's own have, and as strict. */
import type { FigmaDocument } from './document.js';
import { propertiesOf } from './properties.js';
import type { HandleServices, Properties } from './properties.js';
import type { NodeRecord } from './tree.js';

/** @returns A function that makes handles. Each call makes a new one: only ids tell that two are one node. */
export function createHandles(services: HandleServices): (record: NodeRecord) => object {
  const tables = new Map<string, Properties>();
  const handle = (record: NodeRecord): object => {
    if (!tables.has(record.type)) tables.set(record.type, propertiesOf(record.type, services, handle));
    const proxy = new Proxy({}, handlerFor(record, tables.get(record.type)!, services.document));
    services.records.set(proxy, record);
    return proxy;
  };
  return handle;
}

function handlerFor(
  record: NodeRecord,
  properties: Properties,
  document: FigmaDocument,
): ProxyHandler<object> {
  const checkAlive = (name: string): void => {
    if (record.removed && !['removed', 'id', 'type'].includes(name)) {
      throw new Error(`in get_${name}: The node with id "${record.id}" does not exist`);
    }
  };
  return {
    get(_, name) {
      // Promise resolution and printing look for these on any object.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!property) throw new TypeError(`no such property '${name}' on ${record.type} node`);
      checkAlive(name);
      const value = property.get(record);
      // Reading cannot leave anything half done.
      const counts = typeof value === 'function' && !name.startsWith('get');
      return counts ? countCalls(document, name, value as Call) : value;
    },
    set(_, name, value) {
      const property =
        typeof name === 'string' && Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!property) throw new TypeError(`Cannot add property ${String(name)}, object is not extensible`);
      if (!property.set) throw new TypeError(`Cannot assign to read only property '${String(name)}'`);
      checkAlive(String(name));
      document.step(`set_${String(name)}`);
      property.set(record, value as never);
      return true;
    },
    has: (_, name) => typeof name === 'string' && Object.hasOwn(properties, name),
  };
}

type Call = (...args: unknown[]) => unknown;

function countCalls(document: FigmaDocument, name: string, call: Call): Call {
  return (...args) => {
    document.step(name);
    return call(...args);
  };
}
