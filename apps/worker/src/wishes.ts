// What is wanted of a held run from outside, looked at between two steps: go on, or leave it in one of several ways.

export type Wish =
  | { readonly kind: 'go on' }
  /** Another worker holds the run: nothing more may be said in its name. */
  | { readonly kind: 'fenced' }
  /** The database cannot be written: the lease will run out. */
  | { readonly kind: 'lost'; readonly error: unknown }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'pause' }
  /** This worker shuts down: another goes on. */
  | { readonly kind: 'hand back' };

const ORDER = ['fenced', 'lost', 'cancel', 'pause', 'hand back'] as const;

export class Wishes {
  readonly #wishes = new Map<Wish['kind'], Wish>();

  add(wish: Wish): void {
    this.#wishes.set(wish.kind, wish);
  }

  /** A pause can be taken back before it is reached. */
  pause(wanted: boolean): void {
    if (wanted) this.add({ kind: 'pause' });
    else this.#wishes.delete('pause');
  }

  /** The weightiest. */
  get now(): Wish {
    const kind = ORDER.find((known) => this.#wishes.has(known));
    return (kind && this.#wishes.get(kind)) ?? { kind: 'go on' };
  }

  /** Whether the run is no longer this worker's to write to. */
  get gone(): boolean {
    return this.#wishes.has('fenced') || this.#wishes.has('lost');
  }
}
