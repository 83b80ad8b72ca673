// The main places of the studio, in the order in which the navigation shows them.
import { History, Images, type LucideIcon, Package, SplitSquareHorizontal } from 'lucide-react';

export interface Place {
  readonly href: string;
  readonly title: string;
  readonly icon: LucideIcon;
}

export const PLACES: readonly Place[] = [
  { href: '/history', title: 'History', icon: History },
  { href: '/compare', title: 'Compare', icon: SplitSquareHorizontal },
  { href: '/seeds', title: 'Seeds', icon: Images },
  { href: '/models', title: 'Models', icon: Package },
];
