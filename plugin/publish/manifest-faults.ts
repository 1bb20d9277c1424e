/** What Figma, or its reviewers, would find wrong with a manifest. */
import { z } from 'zod';
import { SIDECAR_PORTS } from '../../protocol/version.js';

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
  relaunchButtons: z
    .array(z.strictObject({ command: z.string().min(1), name: z.string().min(1) }))
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
  return domainFaults(data.networkAccess.allowedDomains);
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
