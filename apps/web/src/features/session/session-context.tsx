// The open session and what this person may do in it.
'use client';
import { createContext, useContext } from 'react';
import type { Model, OpenSession, Right, SessionAnswer } from './session-query.ts';

export interface SessionFacts extends Omit<SessionAnswer, 'session'> {
  readonly session: OpenSession;
  /** Empty until a worker has told them. */
  readonly models: readonly Model[];
  /** No worker has ever told its models: nothing can be run. */
  readonly noWorker: boolean;
}

export const SessionContext = createContext<SessionFacts | null>(null);

export function useSession(): SessionFacts {
  const facts = useContext(SessionContext);
  if (!facts) throw new Error('useSession() needs a SessionContext around it.');
  return facts;
}

const REASONS: Readonly<Record<Right, string>> = {
  VIEW: 'You may not see this.',
  COMMENT: 'You may not comment here.',
  RUN: 'You may look, not run. Ask an owner for the role of a runner or editor.',
  EDIT: 'You may look, not edit. Ask for an edit link or the role of an editor.',
  SHARE: 'Only members who may edit can share.',
  MANAGE: 'Only an owner may do this.',
};

/** Undefined where it is allowed, else the reason to show. */
export function useWhyNot(right: Right): string | undefined {
  return useSession().session.rights.includes(right) ? undefined : REASONS[right];
}
