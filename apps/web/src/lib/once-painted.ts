// Gathers changes that come faster than the page paints: one call per painted frame.

/** ms until the call in a hidden tab, which paints nothing, yet has to follow. */
const HIDDEN_MS = 100;

export class OncePainted {
  readonly #run: () => void;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: () => void) {
    this.#run = run;
  }

  /** Calls soon; asked again before, it is still one call. */
  ask(): void {
    if (this.#timer !== undefined) return;
    const run = () => {
      this.cancel();
      this.#run();
    };
    this.#frame = requestAnimationFrame(run);
    // Also where the tab is hidden only after the frame was asked for.
    this.#timer = setTimeout(run, HIDDEN_MS);
  }

  cancel(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
