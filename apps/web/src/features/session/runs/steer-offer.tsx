// "Apply to the running run": shown while the panel says something else than a run that waits or runs does.
'use client';
import { Zap } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useWhyNot } from '../session-context.tsx';
import { useShown } from '../view/shown.ts';
import { wordsFor } from './steering.ts';
import { useSteering } from './use-steering.ts';

export function SteerOffer() {
  const { change, busy, auto, setAuto, apply } = useSteering();
  const mayRun = useWhyNot('RUN');
  const which = useShown().status === 'QUEUED' ? 'waiting' : 'running';
  if (!change && !auto) return null;
  return (
    <section
      aria-label={`Steer the ${which} run`}
      className="grid grid-cols-1 gap-2 rounded-lg border border-accent/40 bg-accent-soft/40 p-2.5"
    >
      <p className="text-xs">
        {change ? (
          <>
            The run does not know the new <b className="font-medium">{wordsFor(change)}</b> yet.
          </>
        ) : (
          `Changes go to the ${which} run as you make them.`
        )}
      </p>
      <div className="flex items-center justify-between gap-2">
        <Button
          size="sm"
          icon={Zap}
          busy={busy}
          disabled={mayRun ?? (change ? undefined : 'Nothing has changed')}
          onClick={apply}
        >
          Apply to the {which} run
        </Button>
        {!mayRun && <Switch label="live" checked={auto} onChange={setAuto} />}
      </div>
    </section>
  );
}
