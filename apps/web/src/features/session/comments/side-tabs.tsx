// Runs and comments in one place at the side; the code of comments comes with the first look.
'use client';
import { MessageSquare } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRegisterCommands } from '../../../shell/commands.ts';
import { useShortcuts } from '../../../shell/shortcuts.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { RunsPanel } from '../runs/runs-panel.tsx';
import type { SideTab } from '../view/view.ts';
import { useView, useViewStore } from '../view/view-context.tsx';
import { useSessionComments } from './comments-context.tsx';

const CommentsPanel = dynamic(() => import('../later.ts').then((module) => module.CommentsPanel), {
  loading: () => <Skeleton className="h-24 w-full" />,
});

export function SideTabs() {
  const view = useViewStore();
  const tab = useView((state) => state.sideTab);
  const { open } = useSessionComments();
  const write = () => view.setState(({ commentKey }) => ({ sideTab: 'comments', commentKey: commentKey + 1 }));
  useShortcuts([{ keys: 'c', label: 'Comment', group: 'Together', run: write }]);
  useRegisterCommands([
    {
      id: 'comment',
      title: 'Comment on the shown step',
      group: 'Together',
      icon: MessageSquare,
      keys: 'c',
      keywords: ['note', 'discussion', 'pin'],
      run: write,
    },
  ]);
  return (
    <Tabs
      label="Runs and comments"
      value={tab}
      onChange={(id) => view.setState({ sideTab: id as SideTab })}
      tabs={[
        { id: 'runs', label: 'Runs and forks', content: <RunsPanel /> },
        { id: 'comments', label: open > 0 ? `Comments ${open}` : 'Comments', content: <CommentsPanel /> },
      ].map((one) => ({ ...one, content: one.id === tab ? <div className="px-4 pt-3">{one.content}</div> : null }))}
      className="-mx-4"
    />
  );
}
