// The shell command that gets a model, to be copied.
'use client';
import { Check, Copy, SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { IconButton } from '../../ui/icon-button.tsx';

const commandOf = (id: string) => `npm run tessera -- models pull ${id}`;

function useCopy(command: string) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      toast.error('The browser did not allow copying.', { description: command });
    }
  };
  return { copied, copy: () => void copy() };
}

/** Written out: where the page cannot download, this is the way. */
export function PullCommand({ id }: { readonly id: string }) {
  const { copied, copy } = useCopy(commandOf(id));
  return (
    <p className="flex min-w-0 items-center gap-1 rounded-md border bg-sunken pl-2.5">
      <code className="truncate font-mono text-2xs">{commandOf(id)}</code>
      <IconButton
        icon={copied ? Check : Copy}
        label={copied ? 'Copied' : 'Copy the command'}
        size="sm"
        onClick={copy}
      />
    </p>
  );
}

/** The same as one button, beside another way. */
export function CopyPullCommand({ id }: { readonly id: string }) {
  const { copied, copy } = useCopy(commandOf(id));
  return (
    <IconButton
      icon={copied ? Check : SquareTerminal}
      label={copied ? 'Copied' : 'Copy the command'}
      size="sm"
      onClick={copy}
    />
  );
}
