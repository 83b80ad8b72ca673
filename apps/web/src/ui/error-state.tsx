// What stands where something could not be loaded: what happened, and a way to try again.
'use client';
import { RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Trouble, troubleOf } from '../gql/problem.ts';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';

export interface ErrorStateProps {
  readonly title: string;
  readonly cause: unknown;
  /** What happens without anybody doing anything. */
  readonly note?: string;
  readonly onRetry?: () => void;
  readonly action?: ReactNode;
  readonly className?: string;
}

export function ErrorState({ title, cause, note, onRetry, action, className }: ErrorStateProps) {
  const trouble: Trouble = troubleOf(cause);
  return (
    <div role="alert" className={className}>
      <EmptyState
        icon={TriangleAlert}
        title={title}
        action={
          <div className="flex gap-2">
            {onRetry && (
              <Button icon={RotateCw} onClick={onRetry}>
                Try again
              </Button>
            )}
            {action}
          </div>
        }
      >
        {trouble.message}
        {note && <p className="mt-1">{note}</p>}
      </EmptyState>
    </div>
  );
}
