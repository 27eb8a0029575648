import type { DeviceConfig } from '../../config/gateway-config.ts';
import type { FoundDevice } from './merge-devices.ts';
import type { Suggestion } from './suggest.ts';

/**
 * The entry of a gateway file. `taken` holds ids that are used already and takes up the new one. The equipment is named like the device: which
 * one of the site it is, only a person knows.
 */
export function entryFor(
  device: FoundDevice,
  { profile, parameters }: Suggestion,
  { connection, taken }: { connection: string; taken: Set<string> },
): DeviceConfig {
  const id = unused(slugOf(device), taken);
  taken.add(id);
  const roles = Object.keys(profile.serves);
  const serves = roles.map((role) => {
    const equipment = roles.length === 1 ? id : `${id}-${role}`;
    return [role, profile.serves[role]?.many === true ? [{ equipment }] : equipment] as const;
  });
  return {
    id,
    profile: profile.profile,
    connection,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
    serves: Object.fromEntries(serves),
  };
}

/** Ids have 63 characters; some are left for a number and for the role of an equipment. */
const longestSlug = 40;

/** Names may be in any script and hold slashes; an id is lower-case ASCII. */
function slugOf({ name, key }: FoundDevice): string {
  return asSlug(name) ?? asSlug(key) ?? 'device';
}

function asSlug(text: string): string | undefined {
  // Without its letters a name of another script would become one digit.
  if (/[^\p{ASCII}]/u.test(text.normalize('NFKD').replace(/\p{Mn}/gu, ''))) return undefined;
  const slug = text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? undefined : slug;
}

function unused(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  let n = 2;
  while (taken.has(`${id}-${n}`)) n += 1;
  return `${id}-${n}`;
}
