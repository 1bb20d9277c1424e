/** The node objects that plugin code gets to see: nothing but what Figma's own have, and as strict. */
import type { FigmaDocument } from './document.js';
import { propertiesOf } from './properties.js';
import type { HandleServices, Properties, Property } from './properties.js';
import type { NodeRecord } from './tree.js';

type Call = (...args: unknown[]) => unknown;

/** What a node can be asked even when it is gone. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(['removed', 'id', 'type']);

/** Calls that change nothing. */
const READS = /^(get|find|export|load)/;

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
  { log }: FigmaDocument,
): ProxyHandler<object> {
  const checkAlive = (call: string): void => {
    if (record.removed) throw new Error(`in ${call}: The node with id "${record.id}" does not exist`);
  };
  const read = (property: Property, name: string): unknown => {
    if (ALWAYS_THERE.has(name)) return property.get(record);
    const value = record.removed ? undefined : property.get(record);
    // A function is what its call does.
    if (typeof value === 'function') return value;
    return log.make(`get_${name}`, false, () => {
      checkAlive(`get_${name}`);
      return value;
    });
  };
  const countCalls = (name: string, call: Call): Call => {
    const run = (args: readonly unknown[]): unknown =>
      log.make(name, !READS.test(name), () => {
        checkAlive(name);
        return call(...args);
      });
    return name.endsWith('Async') ? async (...args) => run(args) : (...args) => run(args);
  };
  return {
    get(_, name) {
      // Promise resolution and printing look for these on any object.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!property) throw new TypeError(`no such property '${name}' on ${record.type} node`);
      const value = read(property, name);
      return typeof value === 'function' ? countCalls(name, value as Call) : value;
    },
    set(_, name, value) {
      const property =
        typeof name === 'string' && Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!property) throw new TypeError(`Cannot add property ${String(name)}, object is not extensible`);
      const { set } = property;
      if (!set) throw new TypeError(`Cannot assign to read only property '${String(name)}'`);
      log.make(`set_${String(name)}`, true, () => {
        checkAlive(`set_${String(name)}`);
        set(record, value as never);
      });
      return true;
    },
    has: (_, name) => typeof name === 'string' && Object.hasOwn(properties, name),
  };
}
