// Whether the list of shortcuts is shown.
import { create } from 'zustand';

export const useShortcutHelp = create<{ readonly open: boolean }>(() => ({ open: false }));

export function openShortcutHelp(open: boolean): void {
  useShortcutHelp.setState({ open });
}
