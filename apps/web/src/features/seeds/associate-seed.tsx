// Seed association of the paper: finds a seed for a prompt, at random, the best match, or one of the best share.
'use client';
import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { troubleOf } from '../../gql/problem.ts';
import { ask } from '../../gql/query.ts';
import { cx } from '../../lib/cx.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import { Slider } from '../../ui/slider.tsx';
import { AssociateSeedDocument, type SeedCard } from './documents.ts';
import { SeedTile } from './seed-card.tsx';

const MODES = {
  TOP_1: { label: 'Best match', text: 'The seed that fits the prompt best.' },
  TOP_SHARE: { label: 'One of the best', text: 'A random one among those that fit best: more variety, still close.' },
  RANDOM: { label: 'Random', text: 'Any seed of the library, whatever it shows.' },
} as const;
type Mode = keyof typeof MODES;

export interface AssociateSeedProps {
  readonly workspaceId: string;
  readonly onOpen: (seedId: string) => void;
}

export function AssociateSeed({ workspaceId, onOpen }: AssociateSeedProps) {
  const [open, setOpen] = useState(false);
  const [prompt, setPrompt] = useState('');
  const [mode, setMode] = useState<Mode>('TOP_SHARE');
  const [share, setShare] = useState(10);
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<SeedCard | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const find = async () => {
    if (!prompt.trim()) return;
    setBusy(true);
    setProblem(null);
    try {
      const { workspace } = await ask(AssociateSeedDocument, {
        workspaceId,
        prompt: prompt.trim(),
        mode,
        share: mode === 'TOP_SHARE' ? share / 100 : null,
        randomSeed: Math.floor(Math.random() * 2 ** 31),
      });
      setFound(workspace?.associateSeed ?? null);
      if (!workspace?.associateSeed) setProblem('The library holds no seed yet.');
    } catch (cause) {
      setProblem(troubleOf(cause).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Popover
      label="Find a seed for a prompt"
      open={open}
      onOpenChange={setOpen}
      align="end"
      className="w-80"
      trigger={
        <Button size="sm" icon={Sparkles} hint="Find a seed for a prompt">
          Find for a prompt
        </Button>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <Field label="Prompt">
          {({ id }) => (
            <TextInput
              id={id}
              value={prompt}
              maxLength={500}
              placeholder="a fox at the beach"
              onChange={(event) => setPrompt(event.target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend className="sr-only">How to choose</legend>
          <div className="flex flex-wrap gap-1">
            {(Object.keys(MODES) as Mode[]).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={mode === name}
                onClick={() => setMode(name)}
                className={cx(
                  'h-7 rounded-full border px-2.5 text-xs',
                  mode === name ? 'border-accent bg-accent-soft' : 'text-ink-soft hover:bg-hover',
                )}
              >
                {MODES[name].label}
              </button>
            ))}
          </div>
          <p className="mt-1.5 text-ink-faint text-xs">{MODES[mode].text}</p>
        </fieldset>
        {mode === 'TOP_SHARE' && (
          <Field label="Share of the library" aside={<span className="tabular text-xs">best {share} %</span>}>
            {() => (
              <Slider
                label="Share of the library"
                min={1}
                max={100}
                value={share}
                valueText={`best ${share} %`}
                onChange={setShare}
              />
            )}
          </Field>
        )}
        <Button type="submit" look="primary" busy={busy} disabled={prompt.trim() === '' && 'Write a prompt first.'}>
          {found ? 'Find another' : 'Find a seed'}
        </Button>
      </form>
      {problem && (
        <p role="alert" className="mt-3 text-danger text-xs">
          {problem}
        </p>
      )}
      {found && (
        <div className="mt-3">
          <SeedTile
            shown={{ seed: found, similarity: null }}
            onOpen={() => {
              setOpen(false);
              onOpen(found.id);
            }}
          />
        </div>
      )}
    </Popover>
  );
}
