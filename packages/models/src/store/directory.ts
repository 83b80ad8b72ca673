// Where models are kept: TESSERA_MODELS, or the platform's folder for application data.
import { homedir } from 'node:os';
import { join } from 'node:path';

export function defaultModelsDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.TESSERA_MODELS) return env.TESSERA_MODELS;
  const home = homedir();
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Tessera', 'models');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Tessera', 'models');
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'tessera', 'models');
}
