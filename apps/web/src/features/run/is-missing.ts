// Whether an error says that what an address names is not there, rather than that asking failed.
import { troubleOf } from '../../gql/problem.ts';

/** BAD_INPUT: a mistyped address is no id at all. */
export function isMissing(error: unknown): boolean {
  if (!error) return false;
  const { code } = troubleOf(error);
  return code === 'NOT_FOUND' || code === 'BAD_INPUT';
}
