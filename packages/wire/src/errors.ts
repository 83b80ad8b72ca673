// What this package throws on purpose: one line, what was wrong and what would be right.

/** Bytes from the bus that are no message of the kind that was expected: another version, or not ours. */
export class WireFormatError extends Error {
  readonly code = 'WIRE_FORMAT';
  /** The kind of message that was expected. */
  readonly expected: string;
  /** What is wrong, in words. */
  readonly problem: string;

  constructor(expected: string, problem: string, cause?: unknown) {
    const line = problem.replace(/\s+/g, ' ');
    super(`These bytes are no ${expected} (${line}).`, { cause });
    this.name = new.target.name;
    this.expected = expected;
    this.problem = line;
  }
}
