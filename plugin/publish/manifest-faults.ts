/** What Figma, or its reviewers, would find wrong with a manifest. */
import { z } from 'zod';
import { SIDECAR_PORTS } from '../../protocol/version.js';

const name = z.string().min(1);

/** Values that Figma asks for before an entry of the menu is run. */
const parameterSchema = z.strictObject({
  name,
  key: name,
  description: z.string().optional(),
  allowFreeform: z.boolean().optional(),
  optional: z.boolean().optional(),
});

const menuSchema = z.array(
  z.union([
    z.strictObject({ separator: z.literal(true) }),
    z.strictObject({
      name,
      command: name,
      parameters: z.array(parameterSchema).min(1).optional(),
      /** false: the menu runs it at once, and only the quick actions ask for parameters. */
      parameterOnly: z.boolean().optional(),
    }),
  ]),
);
type MenuEntry = z.infer<typeof menuSchema>[number];

/** Every field that a published plugin may have; another one is a typing mistake or a private API. */
const manifestSchema = z.strictObject({
  name: z.string().min(1).max(100),
  id: z.string().min(1),
  api: z.literal('1.0.0'),
  main: z.string(),
  ui: z.string(),
  documentAccess: z.literal('dynamic-page', 'has to be "dynamic-page"'),
  editorType: z
    .array(z.enum(['figma', 'figjam', 'dev', 'slides', 'buzz']))
    .min(1)
    .refine(
      (types) => !(types.includes('dev') && types.includes('figjam')),
      'dev and figjam exclude each other',
    ),
  menu: menuSchema.min(1).optional(),
  relaunchButtons: z
    .array(z.strictObject({ command: name, name, multipleSelection: z.boolean().optional() }))
    .optional(),
  networkAccess: z.strictObject({
    allowedDomains: z.array(z.string()),
    reasoning: z.string().min(40, 'is too short to say why the network is needed'),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** @returns Sentences; none where everything is right. */
export function manifestFaults(manifest: unknown): string[] {
  const { data, error } = manifestSchema.safeParse(manifest);
  if (!data) return error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`);
  const { menu = [], relaunchButtons = [], networkAccess } = data;
  return [
    ...twice(menu.flatMap(commandOf)).map((command) => `menu: ${command} is in it twice`),
    ...twice(relaunchButtons.map(({ command }) => command)).map(
      (command) => `relaunchButtons: ${command} is in them twice`,
    ),
    ...menu.flatMap(parameterFaults),
    ...domainFaults(networkAccess.allowedDomains),
  ];
}

function commandOf(entry: MenuEntry): string[] {
  return 'command' in entry ? [entry.command] : [];
}

function parameterFaults(entry: MenuEntry): string[] {
  if (!('command' in entry) || !entry.parameters) return [];
  const { command, parameters, parameterOnly } = entry;
  const firstOptional = parameters.findIndex(({ optional }) => optional);
  const isMixedUp = firstOptional >= 0 && parameters.slice(firstOptional).some(({ optional }) => !optional);
  const isRequired = parameters.some(({ optional }) => !optional);
  return [
    ...twice(parameters.map(({ key }) => key)).map((key) => `menu: ${command} has two parameters ${key}`),
    ...(isMixedUp ? [`menu: ${command} asks for what may be left out before what may not`] : []),
    ...(isRequired && parameterOnly === false
      ? [`menu: ${command} can be run without a parameter that may not be left out`]
      : []),
  ];
}

function twice(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) < i))];
}

function domainFaults(domains: readonly string[]): string[] {
  const wanted = SIDECAR_PORTS.flatMap((port) => [`http://localhost:${port}`, `ws://localhost:${port}`]);
  return [
    ...wanted
      .filter((domain) => !domains.includes(domain))
      .map((domain) => `networkAccess: ${domain} is missing, which the sidecar may be at`),
    ...domains
      .filter((domain) => !wanted.includes(domain))
      .map((domain) => `networkAccess: ${domain} is no address of the sidecar; reviewers ask for the fewest`),
  ];
}
