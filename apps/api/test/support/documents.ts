// Documents that ask for too much, in every way that there is a limit for; made from a seed.

const WORKSPACE = 'viewer { workspaces';

/** Ways to make a document too large; each takes how much. */
const BOMBS: readonly ((size: number) => string)[] = [
  (n) => `{ viewer { workspaces { ${'sessions { nodes { workspace { '.repeat(n + 4)}id${' } } }'.repeat(n + 4)} } } }`,
  (n) => `{ ${Array.from({ length: 31 + n }, (_, i) => `a${i}: __typename`).join(' ')} }`,
  (n) => `{ __typename ${'@include(if: true) '.repeat(21 + n)} }`,
  (n) => `{ ${'__typename '.repeat(2_000 + n)} }`,
  (n) =>
    `{ ${WORKSPACE} { runs(first: 100) { nodes { forks { forks { id name } } comments(first: ${50 + (n % 50)}) { nodes { id body author { id } } } } } } } }`,
  // Fragments that double at every level.
  (n) => {
    const levels = 12 + (n % 20);
    const parts = Array.from(
      { length: levels },
      (_, i) => `fragment F${i} on Workspace { a${i}: id ${i + 1 < levels ? `...F${i + 1} ...F${i + 1}` : ''} }`,
    );
    return `{ ${WORKSPACE} { ...F0 } } } ${parts.join(' ')}`;
  },
  // A fragment inside itself.
  (n) =>
    `{ ${WORKSPACE} { ...A } } } fragment A on Workspace { id ...B${n} } fragment B${n} on Workspace { name ...A }`,
  // Fields that have to be compared with each other.
  (n) =>
    `{ ${WORKSPACE} { ${Array.from({ length: 40 + n }, (_, i) => `b: runs(first: ${i}) { nodes { id } }`).join(' ')} } } }`,
];

export const BOMB_KINDS = BOMBS.length;

/** @param kind below BOMB_KINDS */
export const bomb = (kind: number, random: () => number): string => BOMBS[kind]!(Math.floor(random() * 60));
