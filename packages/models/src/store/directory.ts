// Where models are kept, and what is computed from them: environment variables, or the platform's folders.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** TESSERA_MODELS, or the platform's folder for application data. */
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

/** TESSERA_CACHE, or the platform's folder for files that can be made again. */
export function defaultCacheDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.TESSERA_CACHE) return env.TESSERA_CACHE;
  const home = homedir();
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Tessera', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Tessera');
  return join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'tessera');
}
