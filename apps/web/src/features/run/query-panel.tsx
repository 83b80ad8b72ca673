// The GraphQL query that gives what a page shows, ready to copy for a notebook or a shell.
'use client';
import { Braces, Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { cx } from '../../lib/cx.ts';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { CodeBlock } from './code-block.tsx';
import { type QueryLanguage, queryAs } from './query-text.ts';

const LANGUAGES: Readonly<Record<QueryLanguage, string>> = { graphql: 'GraphQL', python: 'Python', shell: 'Shell' };

export function QueryPanel({ query }: { readonly query: string }) {
  const [language, setLanguage] = useState<QueryLanguage>('graphql');
  const [copied, setCopied] = useState(false);
  const endpoint = typeof window === 'undefined' ? '/graphql' : `${window.location.origin}/graphql`;
  const text = queryAs(language, query, endpoint);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      toast.error('The browser did not allow copying.', { description: 'Select the text and copy it by hand.' });
    }
  };
  return (
    <div className="flex min-h-0 flex-col gap-2">
      <div className="flex items-center gap-1">
        {(Object.keys(LANGUAGES) as QueryLanguage[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === language}
            onClick={() => setLanguage(name)}
            className={cx(
              'h-7 rounded-md px-2 text-xs',
              name === language ? 'bg-hover text-ink' : 'text-ink-soft hover:bg-hover',
            )}
          >
            {LANGUAGES[name]}
          </button>
        ))}
        <Button size="sm" icon={copied ? Check : Copy} onClick={() => void copy()} className="ml-auto">
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <CodeBlock text={text} className="max-h-96" />
    </div>
  );
}

/** The same behind a button. */
export function QueryButton({ query, className }: { readonly query: string; readonly className?: string }) {
  return (
    <Popover
      label="This page as a GraphQL query"
      align="end"
      className="w-[min(32rem,calc(100vw-1.5rem))]"
      trigger={
        <Button
          look="ghost"
          size="sm"
          icon={Braces}
          hint="This page as a GraphQL query"
          {...(className && { className })}
        >
          Query
        </Button>
      }
    >
      <QueryPanel query={query} />
    </Popover>
  );
}
