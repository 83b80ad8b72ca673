// The edge: an error becomes one line on standard error, with --json also one object on standard output, and an exit code.
import { CommanderError } from 'commander';
import { CliError, UnfinishedRunError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Fault } from './faults.ts';
import { writeJson } from './output/json.ts';

export async function report(error: unknown, json: boolean): Promise<ExitCode> {
  const { exitCode, kind, message } = await faultFor(error);
  // A progress line may stand there.
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  process.stderr.write(`tessera: ${message}\n`);
  const files = error instanceof UnfinishedRunError ? { files: error.files } : {};
  if (json) writeJson({ type: 'error', kind, exitCode, message, ...files });
  if (process.env.TESSERA_DEBUG === '1') console.error(error);
  return exitCode;
}

/** The errors of all packages are only loaded for an error that is not our own. */
async function faultFor(error: unknown): Promise<Fault> {
  if (error instanceof CommanderError) {
    return {
      exitCode: EXIT.usage,
      kind: 'UsageError',
      message: error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '),
    };
  }
  if (error instanceof CliError)
    return { exitCode: error.exitCode, kind: error.name, message: error.message.replace(/\s*\n\s*/g, ' ') };
  if (error instanceof UnfinishedRunError) {
    const fault = await faultFor(error.cause);
    return { ...fault, message: `${fault.message.replace(/[.;]$/, '')}; ${error.kept}` };
  }
  const { faultOf } = await import('./faults.ts');
  return faultOf(error);
}
