// Colours of the compared runs' curves: far from each other, and dark or light enough for the theme's ground.

/** Degrees; neighbours in the list lie far apart. */
const HUES = [215, 35, 145, 300, 85, 350, 180, 260] as const;

export interface CurveStyle {
  readonly colour: string;
  /** The second eight are dashed. */
  readonly dashed: boolean;
}

/** @param index place in the comparison, from 0 */
export function curveStyle(index: number, dark: boolean): CurveStyle {
  const hue = HUES[index % HUES.length] ?? 0;
  return { colour: `oklch(${dark ? 0.78 : 0.52} 0.13 ${hue})`, dashed: index >= HUES.length };
}
