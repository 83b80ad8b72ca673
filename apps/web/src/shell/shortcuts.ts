// Keyboard shortcuts: parts of the page register theirs while they are shown; one listener serves all.
'use client';
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

export interface Shortcut {
  /** `mod+k`, `shift+?`, `arrowleft`, `space`; mod is Cmd on a Mac, Ctrl elsewhere. */
  readonly keys: string;
  readonly label: string;
  readonly group: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Also while somebody types in a field. Only for combinations with mod. */
  readonly inFields?: boolean;
}

export const useShortcutList = create<{ readonly shortcuts: readonly Shortcut[] }>(() => ({ shortcuts: [] }));

/** Registers shortcuts while the component is shown. The newest one wins where two share their keys. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const signature = shortcuts.map(({ keys, label }) => `${keys} ${label}`).join('|');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the list; handlers are read when pressed
  useEffect(() => {
    const mine = latest.current.map((shortcut, i) => ({
      ...shortcut,
      run: (event: KeyboardEvent) => latest.current[i]?.run(event),
    }));
    useShortcutList.setState(({ shortcuts: all }) => ({ shortcuts: [...all, ...mine] }));
    return () =>
      useShortcutList.setState(({ shortcuts: all }) => ({ shortcuts: all.filter((one) => !mine.includes(one)) }));
  }, [signature]);
}

export function useShortcutListener(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const pressed = keysOf(event);
      const found = useShortcutList.getState().shortcuts.findLast(({ keys }) => keys === pressed);
      if (!found || (takesKeys(event.target, pressed) && !found.inFields)) return;
      event.preventDefault();
      found.run(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function keysOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const printable = key.length === 1;
  return [
    event.metaKey || event.ctrlKey ? 'mod' : '',
    event.altKey ? 'alt' : '',
    // Shift is part of a printed sign such as `?`, but not of a letter.
    event.shiftKey && (!printable || /[a-z]/.test(key)) ? 'shift' : '',
    key,
  ]
    .filter(Boolean)
    .join('+');
}

/** Whether the focused element has its own use for the key: text fields for all, buttons and sliders for some. */
function takesKeys(target: EventTarget | null, pressed: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('input:not([type=range]), textarea, select')) return true;
  if (target.closest('[role=dialog], [role=menu], [role=listbox]')) return true;
  if (pressed === 'space' || pressed === 'enter') return target.closest('button, a, [role=button], summary') !== null;
  if (pressed.startsWith('arrow') || pressed === 'home' || pressed === 'end') {
    return target.closest('[role=slider], [role=tablist], [role=radiogroup], [role=grid], input[type=range]') !== null;
  }
  return false;
}

/** `mod+k` as people read it: ⌘K or Ctrl K. */
export function keyLabels(keys: string): string[] {
  const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
  const names: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl',
    shift: mac ? '⇧' : 'Shift',
    alt: mac ? '⌥' : 'Alt',
    arrowleft: '←',
    arrowright: '→',
    arrowup: '↑',
    arrowdown: '↓',
    space: 'Space',
    enter: '↵',
    escape: 'Esc',
  };
  return keys.split('+').map((key) => names[key] ?? key.toUpperCase());
}
