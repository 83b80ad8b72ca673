// What can go wrong with a run, as small classes that carry the facts. Messages are one line: the cause and the cure.

export abstract class EngineError extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A plan, or a live change of one, that cannot be run. `path` names the field. */
export class PlanError extends EngineError {
  readonly code = 'PLAN_INVALID';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(path ? `${path}: ${problem}` : problem);
    this.path = path;
  }
}

/** Loss or gradient stayed infinite or not a number for many steps in a row. */
export class NotFiniteError extends EngineError {
  readonly code = 'RUN_NOT_FINITE';
  readonly step: number;
  readonly skipped: number;

  constructor(step: number, skipped: number) {
    super(
      `The loss or its gradient was not finite for ${skipped} steps in a row (last: step ${step}); lower the learning rate or use precision fp32.`,
    );
    this.step = step;
    this.skipped = skipped;
  }
}

/** A checkpoint that does not belong to the plan it is resumed with, or is damaged. */
export class CheckpointError extends EngineError {
  readonly code = 'CHECKPOINT_INVALID';
}
