// The window of the command palette; loaded when it is first opened.
'use client';
import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { useState } from 'react';
import { toast } from 'sonner';
import { groupBy } from '../lib/group-by.ts';
import { Keys } from '../ui/keys.tsx';
import { openPalette, type Command as PageCommand, useCommands } from './commands.ts';

export function PaletteWindow() {
  const { commands, open } = useCommands();
  const [text, setText] = useState('');
  const choose = (command: PageCommand) => {
    openPalette(false);
    if (command.disabled) toast(command.title, { description: command.disabled });
    else command.run();
  };
  const groups = groupBy(commands, (command) => command.group);
  return (
    <Radix.Root
      open={open}
      onOpenChange={(next) => {
        openPalette(next);
        setText('');
      }}
    >
      <Radix.Portal>
        <Radix.Overlay className="animate-fade fixed inset-0 z-50 bg-black/30" />
        <Radix.Content
          aria-describedby={undefined}
          className="animate-rise fixed inset-x-3 top-[12vh] z-50 mx-auto max-w-xl overflow-hidden rounded-xl border bg-raised shadow-float"
        >
          <Radix.Title className="sr-only">Command palette</Radix.Title>
          <Command label="Commands" loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Type a command…"
              className="h-12 w-full border-b bg-transparent px-4 text-sm outline-none"
            />
            <Command.List className="thin-scroll max-h-[50vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-ink-soft text-sm">
                Nothing here is called “{text}”.
              </Command.Empty>
              {[...groups].map(([group, members]) => (
                <Command.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-faint"
                >
                  {members.map((command) => (
                    <PaletteRow key={command.id} command={command} onChoose={choose} />
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface PaletteRowProps {
  readonly command: PageCommand;
  readonly onChoose: (command: PageCommand) => void;
}

function PaletteRow({ command, onChoose }: PaletteRowProps) {
  const { id, title, icon: Icon, keywords, keys, disabled } = command;
  return (
    <Command.Item
      value={`${title} ${id}`}
      {...(keywords && { keywords: [...keywords] })}
      onSelect={() => onChoose(command)}
      className="flex cursor-default items-center gap-3 rounded-md px-2 py-2 text-sm data-[selected=true]:bg-hover"
    >
      {Icon ? <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" /> : <span className="size-4" />}
      <span className={disabled ? 'grow text-ink-faint' : 'grow'}>{title}</span>
      {keys && <Keys keys={keys} />}
    </Command.Item>
  );
}
