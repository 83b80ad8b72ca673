// What each exit code says. The table in docs/cli.md is checked against this one.

export const EXIT = {
  /** Done. */
  ok: 0,
  /** A fault of Tessera's own. */
  internal: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** An image, mask, token file, manifest, plan or run checkpoint cannot be used. */
  input: 3,
  /** A model is unknown, absent, damaged or of another form. */
  model: 4,
  /** The model hub cannot be reached or breaks off. */
  network: 5,
  /** A result cannot be written. */
  output: 6,
  /** The engine process died, or the provider cannot run the model. */
  engine: 7,
  /** The optimisation left the finite numbers. */
  diverged: 8,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
