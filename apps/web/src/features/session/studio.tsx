// The studio: controls at the left, the picture in the middle with its time and tokens, runs and curves at the right.
'use client';
import dynamic from 'next/dynamic';
import { AppShell } from '../../shell/app-shell.tsx';
import { Curve } from './chart/curve.tsx';
import { SideTabs } from './comments/side-tabs.tsx';
import { Centre } from './compare/centre.tsx';
import { ControlPanel } from './controls/control-panel.tsx';
import { Section } from './controls/section.tsx';
import { PeopleHere } from './presence/people-here.tsx';
import { useSyncPresence } from './presence/use-sync-presence.ts';
import { SessionName } from './session-name.tsx';
import { ShareButton } from './share/share-button.tsx';
import { Transport } from './time/transport.tsx';
import { TokenStrip } from './tokens/token-strip.tsx';
import { useSessionCommands } from './use-session-commands.ts';
import { useView } from './view/view-context.tsx';

const MaskTools = dynamic(() => import('./later.ts').then((module) => module.MaskTools));

export function Studio() {
  const masking = useView((state) => state.maskTool !== 'off');
  useSyncPresence();
  useSessionCommands();
  return (
    <AppShell
      full
      title={<SessionName />}
      actions={
        <>
          <PeopleHere />
          <ShareButton />
        </>
      }
    >
      <div className="thin-scroll grid min-h-0 grow grid-rows-[minmax(0,1fr)] max-lg:overflow-y-auto md:grid-cols-[19rem_minmax(0,1fr)] md:max-lg:grid-rows-none lg:grid-cols-[19rem_minmax(0,1fr)_19rem] max-md:flex max-md:flex-col">
        <div className="contents max-md:order-2 max-md:block max-md:shrink-0 md:max-lg:sticky md:max-lg:top-0 md:max-lg:block md:max-lg:h-[calc(100dvh-3rem)] md:max-lg:*:h-full">
          <ControlPanel />
        </div>
        <div className="flex min-h-0 min-w-0 flex-col gap-3 p-4 max-md:order-1 max-md:shrink-0 max-md:p-3 md:max-lg:h-[calc(100dvh-3rem)]">
          {masking && <MaskTools />}
          <Centre />
          <div className="mx-auto grid w-full max-w-3xl shrink-0 gap-3">
            <Transport />
            <TokenStrip />
          </div>
        </div>
        <aside
          aria-label="Runs"
          className="thin-scroll flex min-h-0 flex-col gap-5 border-l bg-surface p-4 max-md:order-3 max-md:border-t max-md:border-l-0 lg:overflow-y-auto md:max-lg:col-start-2 md:max-lg:border-t"
        >
          <Section title="Curve">
            <Curve />
          </Section>
          <SideTabs />
        </aside>
      </div>
    </AppShell>
  );
}
