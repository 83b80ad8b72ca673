// Where the embedded form keeps its data: the platform's folder for data of programs.
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/** @param environment TESSERA_DATA overrides; XDG_DATA_HOME and LOCALAPPDATA are honoured */
export function dataFolder(environment: NodeJS.ProcessEnv): string {
  if (environment.TESSERA_DATA) return environment.TESSERA_DATA;
  const home = homedir();
  switch (platform()) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Tessera', 'studio');
    case 'win32':
      return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Tessera', 'studio');
    default:
      return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'tessera', 'studio');
  }
}
