// Makes a sweep of a session's plan: some values on each axis, one run for each combination.
'use client';
import { LIMITS } from '@tessera/protocol';
import { Grid3x3, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { mutate } from '../../gql/mutate.ts';
import { troubleOf } from '../../gql/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { count } from '../run/format.ts';
import { type AxisDraft, AxisField } from './axis-field.tsx';
import { AXIS_PATHS, type AxisPath, axisLabel, readAxisValues, valueAt, valuesAround } from './axis-values.ts';
import { CreateSweepMutation } from './documents.ts';

export interface CreateSweepDialogProps {
  readonly workspaceId: string;
  /** Its document is the plan that is varied: prompt, seed, mask and settings as they are now. */
  readonly sessionId: string;
  /** The session's plan, where it is known here: axes begin with values around what it has. */
  readonly plan?: unknown;
  /** Settles once the server knows what the session says. */
  readonly saved?: () => Promise<void>;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** More axes make more grids than anybody compares. */
const MOST_AXES = 3;

export function CreateSweepDialog({ workspaceId, sessionId, plan, saved, open, onOpenChange }: CreateSweepDialogProps) {
  const router = useRouter();
  const begin = (axis: AxisPath): AxisDraft => ({
    path: axis.path,
    text: plan === undefined ? '' : valuesAround(axis, valueAt(plan, axis.path)),
  });
  const [name, setName] = useState('');
  const [drafts, setDrafts] = useState<readonly AxisDraft[]>(() =>
    AXIS_PATHS.slice(0, 1).map((axis) => (plan === undefined ? { path: axis.path, text: axis.example } : begin(axis))),
  );
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const read = drafts.map(({ path, text }) =>
    readAxisValues(text, AXIS_PATHS.find((axis) => axis.path === path)!.kind),
  );
  const sizes = read.map((axis) => ('values' in axis ? axis.values.length : 0));
  const runs = sizes.reduce((product, size) => product * size, 1);
  const free = AXIS_PATHS.filter(({ path }) => !drafts.some((draft) => draft.path === path));
  const most = LIMITS.sweepRuns.value;
  const blocked =
    runs === 0
      ? 'Write the values of each axis.'
      : runs > most
        ? `These are ${runs} runs; a sweep takes up to ${most}.`
        : undefined;
  const create = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await saved?.();
      const axes = read.flatMap((axis, i) =>
        'values' in axis ? [{ path: drafts[i]!.path, values: [...axis.values] }] : [],
      );
      const title = name.trim() || drafts.map(({ path }) => axisLabel(path)).join(' × ');
      const { sweep } = await mutate(CreateSweepMutation, {
        input: { workspaceId, sessionId, name: title, axes, idempotencyKey: crypto.randomUUID() },
      });
      onOpenChange(false);
      if (sweep) router.push(`/sweeps/${sweep.id}`);
    } catch (cause) {
      setProblem(troubleOf(cause).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Try many values at once"
      description="One run for each combination, all from the session as it is now. They are shown in a grid under one slider."
      actions={
        <>
          <p role="status" className="tabular mr-auto self-center text-ink-soft text-sm">
            {runs > 0 && `${sizes.join(' × ')} = ${count(runs, 'run')}`}
          </p>
          <Button look="primary" icon={Grid3x3} busy={busy} disabled={blocked} onClick={() => void create()}>
            Start the sweep
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {drafts.map((draft, i) => (
          <AxisField
            key={draft.path}
            title={i === 0 ? 'Across' : i === 1 ? 'Down' : 'One grid each'}
            draft={draft}
            free={free}
            begin={begin}
            result={read[i]!}
            onChange={(next) => setDrafts(drafts.map((one) => (one === draft ? next : one)))}
            onRemove={drafts.length > 1 ? () => setDrafts(drafts.filter((one) => one !== draft)) : null}
          />
        ))}
        {drafts.length < MOST_AXES && free[0] && (
          <Button
            size="sm"
            look="ghost"
            icon={Plus}
            onClick={() => free[0] && setDrafts([...drafts, begin(free[0])])}
            className="self-start"
          >
            Another axis
          </Button>
        )}
        <Field label="Name">
          {({ id }) => (
            <TextInput
              id={id}
              value={name}
              maxLength={200}
              placeholder={drafts.map(({ path }) => axisLabel(path)).join(' × ')}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {problem && (
          <p role="alert" className="text-danger text-sm">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  );
}
