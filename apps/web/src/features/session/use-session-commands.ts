// Commands and shortcuts of the session page that are not at home in one of its parts.
'use client';
import { Brush, CircleStop, Columns2, GitFork, ImageIcon, Pause, Play, Plus, Radio, Redo2, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { graphql } from '../../gql/graphql.ts';
import { mutate } from '../../gql/mutate.ts';
import { showTrouble } from '../../gql/problem.ts';
import { useRegisterCommands } from '../../shell/commands.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { useCompare } from './compare/use-compare.ts';
import { useDocument } from './document/document-context.tsx';
import { useFork } from './runs/use-fork.ts';
import { useRunControl } from './runs/use-run-control.ts';
import { useSession, useWhyNot } from './session-context.tsx';
import { useShown } from './view/shown.ts';
import type { MaskTool } from './view/view.ts';
import { useViewStore } from './view/view-context.tsx';

const CREATE = graphql(`
  mutation CreateSession($input: CreateSessionInput!) {
    createSession(input: $input) { session { id } problem { code message field } }
  }
`);

export function useSessionCommands(): void {
  const { session } = useSession();
  const router = useRouter();
  const document = useDocument();
  const view = useViewStore();
  const { runId, step } = useShown();
  const { fork } = useFork();
  const { whyNot, active, status, act } = useRunControl();
  const compare = useCompare();
  const mayRun = useWhyNot('RUN');
  const mayEdit = useWhyNot('EDIT');
  const tool = (maskTool: MaskTool) => !mayEdit && view.setState({ maskTool });
  const toggleMask = () => tool(view.getState().maskTool === 'off' ? 'brush' : 'off');
  const forkHere = () => runId !== null && step !== null && !mayRun && void fork(runId, step);
  const create = (from: string | null) => {
    mutate(CREATE, {
      input: {
        workspaceId: session.workspace.id,
        name: from ? `${session.name}, copy`.slice(0, 200) : 'Untitled',
        from,
      },
    })
      .then(({ session: made }) => made && router.push(`/s/${encodeURIComponent(made.id)}`))
      .catch((cause: unknown) => showTrouble('The session could not be made', cause));
  };
  useShortcuts([
    { keys: 'mod+z', label: 'Undo what I did', group: 'Edit', run: () => document.undo() },
    { keys: 'mod+shift+z', label: 'Do it again', group: 'Edit', run: () => document.redo() },
    { keys: 'f', label: 'Fork at the shown step', group: 'Run', run: forkHere },
    {
      keys: 'v',
      label: 'Compare, or back to the picture',
      group: 'Time',
      run: () => !compare.whyNot && compare.toggle(),
    },
    { keys: 'm', label: 'Mask tools', group: 'Mask', run: toggleMask },
    { keys: 'b', label: 'Brush', group: 'Mask', run: () => tool('brush') },
    { keys: 'e', label: 'Eraser', group: 'Mask', run: () => tool('eraser') },
    { keys: '[', label: 'Smaller brush', group: 'Mask', run: () => resize(view, 0.8) },
    { keys: ']', label: 'Larger brush', group: 'Mask', run: () => resize(view, 1.25) },
  ]);
  const off = (why: string | undefined) => (why ? { disabled: why } : {});
  const noSteps = runId === null || step === null ? 'There is no step yet.' : undefined;
  const notActive = active ? undefined : 'No run is active.';
  useRegisterCommands([
    {
      id: 'run.start',
      title: 'Run',
      group: 'Run',
      icon: Play,
      keys: 'mod+enter',
      ...off(whyNot),
      run: () => act('start'),
    },
    {
      id: 'run.stop',
      title: 'Stop the run',
      group: 'Run',
      icon: CircleStop,
      keys: 'mod+.',
      ...off(mayRun ?? notActive),
      run: () => act('stop'),
    },
    {
      id: 'run.pause',
      title: status === 'PAUSED' ? 'Go on with the run' : 'Pause the run',
      group: 'Run',
      icon: Pause,
      keys: 'p',
      ...off(mayRun ?? notActive),
      run: () => act(status === 'PAUSED' ? 'resume' : 'pause'),
    },
    {
      id: 'run.fork',
      title: 'Fork at the shown step',
      group: 'Run',
      icon: GitFork,
      keys: 'f',
      ...off(mayRun ?? noSteps),
      run: forkHere,
    },
    {
      id: 'time.live',
      title: 'Newest step, live',
      group: 'Time',
      icon: Radio,
      keys: 'l',
      run: () => view.setState({ step: null }),
    },
    {
      id: 'view.compare',
      title: compare.comparing ? 'Back from the comparison' : 'Compare with another step or run',
      group: 'Time',
      icon: Columns2,
      keys: 'v',
      keywords: ['swipe', 'difference', 'side by side'],
      ...off(compare.whyNot),
      run: compare.toggle,
    },
    {
      id: 'mask.toggle',
      title: 'Paint a mask',
      group: 'Mask',
      icon: Brush,
      keys: 'm',
      ...off(mayEdit),
      run: toggleMask,
    },
    {
      id: 'view.seed',
      title: 'Show the start picture',
      group: 'Time',
      icon: ImageIcon,
      run: () => view.setState({ target: { type: 'seed' }, step: null }),
    },
    {
      id: 'edit.undo',
      title: 'Undo what I did',
      group: 'Edit',
      icon: Undo2,
      keys: 'mod+z',
      ...off(mayEdit),
      run: () => document.undo(),
    },
    {
      id: 'edit.redo',
      title: 'Do it again',
      group: 'Edit',
      icon: Redo2,
      keys: 'mod+shift+z',
      ...off(mayEdit),
      run: () => document.redo(),
    },
    { id: 'session.new', title: 'New session', group: 'Session', icon: Plus, ...off(mayEdit), run: () => create(null) },
    {
      id: 'session.copy',
      title: 'Copy this session',
      group: 'Session',
      icon: Plus,
      ...off(mayEdit),
      run: () => create(session.id),
    },
  ]);
}

function resize(view: ReturnType<typeof useViewStore>, factor: number): void {
  const { brushSize } = view.getState();
  view.setState({ brushSize: Math.min(0.5, Math.max(0.01, Math.round(brushSize * factor * 100) / 100)) });
}
