// Standard output that goes away or runs full must not end in a stack trace.
import { EXIT } from '../exit-codes.ts';

/** A closed pipe (`| head`) ends the program quietly; a full disk behind `>` ends it with a line. */
export function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    process.stderr.write(
      `tessera: cannot write to standard output (${error.code ?? error.message}): free some space or send it elsewhere\n`,
    );
    process.exit(EXIT.output);
  });
  // With nobody left to tell, there is nothing to do.
  process.stderr.on('error', () => undefined);
}
