// A short name for addresses, from a name for people.
import { randomBytes } from 'node:crypto';

/** Lower-case letters, digits and hyphens, with a random end so that equal names do not collide. */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .join('-')
    .slice(0, 48)
    .replace(/-+$/, '');
  return [...(words ? [words] : []), randomBytes(4).toString('hex')].join('-');
}
