// The studio: controls at the left, the picture in the middle with its time and tokens, runs and curves at the right.
'use client';
import dynamic from 'next/dynamic';
import { AppShell } from '../../shell/app-shell.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Curve } from './chart/curve.tsx';
import { SideTabs } from './comments/side-tabs.tsx';
import { Centre } from './compare/centre.tsx';
import { ControlPanel } from './controls/control-panel.tsx';
import { Section } from './controls/section.tsx';
import { useDocument, useDocumentView } from './document/document-context.tsx';
import { PeopleHere } from './presence/people-here.tsx';
import { useSyncPresence } from './presence/use-sync-presence.ts';
import { SessionName } from './session-name.tsx';
import { SessionSkeleton } from './session-skeleton.tsx';
import { ShareButton } from './share/share-button.tsx';
import { StudioLayout } from './studio-layout.tsx';
import { Transport } from './time/transport.tsx';
import { TokenStrip } from './tokens/token-strip.tsx';
import { useSessionCommands } from './use-session-commands.ts';
import { useRuns, useView } from './view/view-context.tsx';

const MaskTools = dynamic(() => import('./later.ts').then((module) => module.MaskTools), {
  loading: () => <div aria-busy className="h-[42px] shrink-0 rounded-lg border bg-surface shadow-sm" />,
});

export function Studio() {
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
      <Opened />
    </AppShell>
  );
}

/** Until document and runs are here, defaults would be taken for what the session says, and "no runs" for the truth. */
function Opened() {
  const document = useDocument();
  const ready = useDocumentView((view) => view.ready);
  const trouble = useDocumentView((view) => view.trouble);
  const listed = useRuns((view) => view.loaded || view.trouble !== null);
  if (ready && listed) return <Parts />;
  if (trouble === null) return <SessionSkeleton />;
  return (
    <ErrorState
      title="The session cannot be reached."
      cause={trouble}
      note="It is tried again every few seconds; the page opens by itself."
      onRetry={() => document.open()}
      className="m-auto"
    />
  );
}

function Parts() {
  const masking = useView((state) => state.maskTool !== 'off');
  useSyncPresence();
  useSessionCommands();
  return (
    <StudioLayout
      controls={<ControlPanel />}
      tools={masking && <MaskTools />}
      stage={<Centre />}
      below={
        <>
          <Transport />
          <TokenStrip />
        </>
      }
      curve={
        <Section title="Curve">
          <Curve />
        </Section>
      }
      runs={<SideTabs />}
    />
  );
}
