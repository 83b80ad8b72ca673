// Picks the provider: by name or not at all, or with `auto` the best that loads.
import { ProviderUnavailableError } from './errors.ts';
import { probeInChild } from './probe.ts';
import type { Availability, Provider, ProviderEntry, ProviderName } from './providers/provider.ts';
import { AUTO_ORDER, PROVIDERS } from './providers/table.ts';

export interface Selection {
  readonly provider: Provider;
  /** One line for the user: which provider and why. */
  readonly why: string;
  /** What `auto` passed over, best first; empty when the provider was named. */
  readonly rejected: readonly { readonly name: ProviderName; readonly reason: string }[];
}

export type ProviderChoice = 'auto' | ProviderName;

/**
 * Tries providers in processes of their own until one runs the probe graph.
 * @throws ProviderUnavailableError when the named one cannot run (nothing else is taken instead), or with `auto` when none can
 */
export async function selectProvider(choice: ProviderChoice = 'auto'): Promise<Selection> {
  return selectWith(choice, (entry) => probeInChild(entry.spec));
}

/** `selectProvider` with another way to probe. */
export async function selectWith(
  choice: ProviderChoice,
  probe: (entry: ProviderEntry) => Promise<Availability>,
): Promise<Selection> {
  if (choice !== 'auto') {
    const entry = providerNamed(choice);
    const found = await probe(entry);
    if (!found.available)
      throw new ProviderUnavailableError({ provider: choice, reason: found.reason, cure: found.cure });
    return { provider: entry, why: `${choice}: asked for by name, ${found.detail}.`, rejected: [] };
  }
  const rejected: { name: ProviderName; reason: string }[] = [];
  let cure = '';
  for (const name of AUTO_ORDER) {
    const entry = PROVIDERS[name];
    const passOver = entry.spec.precheck() ?? entry.spec.passOver();
    const found: Availability =
      passOver === undefined ? await probe(entry) : { available: false, reason: passOver, cure: entry.spec.cure };
    if (found.available) {
      const passed = rejected.map((r) => ` Not ${r.name}: ${r.reason}`).join('');
      return { provider: entry, why: `${name}: the best that loads, ${found.detail}.${passed}`, rejected };
    }
    rejected.push({ name, reason: found.reason });
    cure = found.cure;
  }
  const reason = rejected.map((r) => `${r.name}: ${r.reason}`).join(' ');
  throw new ProviderUnavailableError({ provider: 'auto', reason, cure });
}

/** @throws ProviderUnavailableError for a name that is not in the table (it may come from a command line) */
export function providerNamed(name: string): ProviderEntry {
  if (Object.hasOwn(PROVIDERS, name)) return PROVIDERS[name as ProviderName];
  const cure = `Use auto, ${Object.keys(PROVIDERS).join(', ')}.`;
  throw new ProviderUnavailableError({ provider: name, reason: 'there is no provider of that name.', cure });
}
