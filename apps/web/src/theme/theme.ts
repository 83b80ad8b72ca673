// Light, dark, or as the system says; kept in this browser.
import { create } from 'zustand';

export type Theme = 'light' | 'dark' | 'system';

const KEY = 'tessera.theme';

/** Runs in the document's head, before anything is painted. */
export const THEME_SCRIPT = `(function(){try{var t=localStorage.getItem('${KEY}')}catch(e){}var d=t==='dark'||(t!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches);document.documentElement.dataset.theme=d?'dark':'light'})()`;

interface ThemeState {
  /** What was chosen. */
  readonly theme: Theme;
  /** What is painted. */
  readonly dark: boolean;
}

export const useTheme = create<ThemeState>(() => ({ theme: 'system', dark: false }));

function isTheme(value: string | null): value is Theme {
  return value === 'light' || value === 'dark' || value === 'system';
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  useTheme.setState({ theme });
  paint(theme);
}

/** Reads the choice and follows the system; once, after the page is there. Returns how to stop. */
export function startTheme(): () => void {
  const stored = localStorage.getItem(KEY);
  const theme = isTheme(stored) ? stored : 'system';
  useTheme.setState({ theme });
  const system = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => paint(useTheme.getState().theme);
  follow();
  system.addEventListener('change', follow);
  return () => system.removeEventListener('change', follow);
}

function paint(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  useTheme.setState({ dark });
}
