// The colour of a token: the same index has the same colour everywhere, neighbours are far apart.

/** Golden angle in degrees: successive indices never come close. */
const ANGLE = 137.508;

export function stoneColour(index: number): string {
  const hue = (index * ANGLE) % 360;
  // Two more bits of difference than the hue alone gives.
  const lightness = 0.7 + ((index >> 3) % 4) * 0.04;
  return `oklch(${lightness.toFixed(2)} 0.085 ${hue.toFixed(1)})`;
}

/** `tokens` with the places of two exchanged, as placed tokens. */
export interface PlacedToken {
  readonly position: number;
  readonly token: number;
}
