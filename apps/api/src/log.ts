// The structured log: what happened, for whom and how long; never prompts, tokens or pictures.
import { type DestinationStream, type Logger, pino } from 'pino';
import type { ServerConfig } from './config/config.ts';

export type { Logger } from 'pino';

/** Fields that carry secrets or people's words, wherever they stand. */
const HIDDEN = [
  'token',
  'authorization',
  'cookie',
  'password',
  'prompt',
  'negativePrompt',
  'query',
  'variables',
  'url',
];

export function makeLog({ logLevel }: Pick<ServerConfig, 'logLevel'>, to?: DestinationStream): Logger {
  const paths = HIDDEN.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = { level: logLevel, base: { pid: process.pid }, redact: { paths, censor: '[hidden]' } };
  return to ? pino(options, to) : pino(options, pino.destination(2));
}
