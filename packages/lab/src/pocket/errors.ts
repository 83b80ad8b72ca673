// What can keep the benchmark of the pocket models from running. Each message is one line: what is wrong and the way out.

export abstract class PocketEvalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options);
    this.name = new.target.name;
  }
}

/** The command line is wrong. */
export class EvalUsageError extends PocketEvalError {}

/** The models folder lacks what the asked measurements need. `parts` are paths inside it. */
export class MissingPartsError extends PocketEvalError {
  readonly folder: string;
  readonly parts: readonly string[];

  constructor(folder: string, parts: readonly string[]) {
    super(
      `${folder} lacks ${parts.join(', ')}: train and export with "python3 -m training.tessera_train_all --preset cpu" and ` +
        `"python3 -m training.tessera_train_benchmark" (training/README.md), or give another folder with --models.`,
    );
    this.folder = folder;
    this.parts = parts;
  }
}

/** A file of the benchmark or of the exported models is damaged or of another form. */
export class BenchmarkFileError extends PocketEvalError {
  readonly file: string;

  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}; export it again (training/README.md).`, { cause });
    this.file = file;
  }
}
