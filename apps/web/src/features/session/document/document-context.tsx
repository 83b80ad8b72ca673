// Hands the session's document to the components of the page.
'use client';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { showTrouble } from '../../../gql/problem.ts';
import { type DocumentView, SessionDocument } from './session-document.ts';

const DocumentContext = createContext<SessionDocument | null>(null);

export function DocumentProvider({
  sessionId,
  children,
}: {
  readonly sessionId: string;
  readonly children: ReactNode;
}) {
  const [document] = useState(
    () => new SessionDocument(sessionId, (error) => showTrouble('A change was taken back by the server', error)),
  );
  useEffect(() => {
    document.open();
    return () => document.close();
  }, [document]);
  return <DocumentContext value={document}>{children}</DocumentContext>;
}

export function useDocument(): SessionDocument {
  const document = useContext(DocumentContext);
  if (!document) throw new Error('useDocument() needs a DocumentProvider around it.');
  return document;
}

/** Part of what the document says now. */
export function useDocumentView<Part>(select: (view: DocumentView) => Part): Part {
  return useStore(useDocument().view, select);
}
