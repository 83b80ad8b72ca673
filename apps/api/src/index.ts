// Public face of @tessera/api: the server as a function, for programs that start one.
export { readConfig, type ServerConfig } from './config/config.ts';
export { ConfigError, ListenError } from './config/errors.ts';
export { type Logger, makeLog } from './log.ts';
export { type RunningServer, startServer } from './server/start-server.ts';
