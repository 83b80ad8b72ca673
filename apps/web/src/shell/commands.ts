// Commands of the palette: parts of the page register theirs while they are shown.
'use client';
import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

export interface Command {
  /** Unique while it is registered, such as `run.start`. */
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly icon?: LucideIcon;
  /** Further words it is found by. */
  readonly keywords?: readonly string[];
  /** Shown beside it; register it with `useShortcuts` as well. */
  readonly keys?: string;
  /** Why it cannot be used now; shown instead of running it. */
  readonly disabled?: string;
  readonly run: () => void;
}

export const useCommands = create<{ readonly commands: readonly Command[]; readonly open: boolean }>(() => ({
  commands: [],
  open: false,
}));

export function openPalette(open = true): void {
  useCommands.setState({ open });
}

/** Adds commands; the answer removes them. */
export function registerCommands(commands: readonly Command[]): () => void {
  useCommands.setState(({ commands: all }) => ({ commands: [...all, ...commands] }));
  return () =>
    useCommands.setState(({ commands: all }) => ({ commands: all.filter((one) => !commands.includes(one)) }));
}

/** Registers commands while the component is shown. */
export function useRegisterCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const signature = commands.map(({ id, title, disabled }) => `${id} ${title} ${disabled ?? ''}`).join('|');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the list; actions are read when chosen
  useEffect(
    () => registerCommands(latest.current.map((command, i) => ({ ...command, run: () => latest.current[i]?.run() }))),
    [signature],
  );
}
