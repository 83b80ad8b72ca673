// Colours of people: apart from each other, white text readable on each (4.5:1).

export const PEOPLE_COLOURS = [
  '#c2410c',
  '#0e7490',
  '#7e22ce',
  '#15803d',
  '#be185d',
  '#1d4ed8',
  '#92600a',
  '#b91c1c',
] as const;

/** The same for a tab as long as it lives. */
export function colourFor(clientId: string): string {
  let sum = 0;
  for (const character of clientId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return PEOPLE_COLOURS[sum % PEOPLE_COLOURS.length] ?? PEOPLE_COLOURS[0];
}
