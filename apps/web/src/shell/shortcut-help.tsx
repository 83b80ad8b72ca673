// The list of the keyboard shortcuts that work on this page. Key: ?
'use client';
import { groupBy } from '../lib/group-by.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Keys } from '../ui/keys.tsx';
import { openShortcutHelp, useShortcutHelp } from './shortcut-help-state.ts';
import { useShortcutList, useShortcuts } from './shortcuts.ts';

export function ShortcutHelp() {
  const open = useShortcutHelp((state) => state.open);
  const shortcuts = useShortcutList((state) => state.shortcuts);
  useShortcuts([{ keys: '?', label: 'Keyboard shortcuts', group: 'General', run: () => openShortcutHelp(true) }]);
  const groups = groupBy(shortcuts, ({ group }) => group);
  return (
    <Dialog open={open} onOpenChange={openShortcutHelp} title="Keyboard shortcuts" reading className="!max-w-3xl">
      <div className="gap-8 sm:columns-2">
        {[...groups].map(([group, members]) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1.5 text-ink-faint text-xs">{group}</h3>
            <dl className="grid gap-1">
              {members.map(({ keys, label }) => (
                <div key={`${keys} ${label}`} className="flex items-center justify-between gap-3 text-sm">
                  <dt>{label}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
