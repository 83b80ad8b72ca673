// Keeps the chosen step in the address, so that a copied link opens it.
'use client';
import { useEffect } from 'react';

/** ms; a slider that moves writes only where it rests. */
const REST_MS = 300;

/** Null: the address names none. */
export function useStepInAddress(step: number | null): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const url = new URL(window.location.href);
      if (step === null) url.searchParams.delete('step');
      else url.searchParams.set('step', String(step));
      if (url.href !== window.location.href) window.history.replaceState(null, '', url);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [step]);
}
