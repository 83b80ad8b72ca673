// The main places of the studio, in the order in which the navigation shows them.
import { Grid3x3, History, Images, type LucideIcon, Package, SplitSquareHorizontal } from 'lucide-react';

export interface Place {
  readonly href: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Where the pages of what is in it are, if not below its own address. */
  readonly holds?: readonly string[];
}

export const PLACES: readonly Place[] = [
  { href: '/history', title: 'History', icon: History, holds: ['/runs/', '/sweeps'] },
  { href: '/compare', title: 'Compare', icon: SplitSquareHorizontal },
  { href: '/seeds', title: 'Seeds', icon: Images },
  { href: '/models', title: 'Models', icon: Package },
];

/** Reached from the history; with the others where places are in a menu. */
export const SWEEPS: Place = { href: '/sweeps', title: 'Sweeps', icon: Grid3x3 };

export function placeAt(path: string): Place | undefined {
  return [SWEEPS, ...PLACES].find((place) => isIn(path, place));
}

export function isIn(path: string, { href, holds = [] }: Place): boolean {
  return [href, ...holds].some((start) => path.startsWith(start));
}
