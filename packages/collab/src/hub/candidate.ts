// Tries updates out before they count: a second copy of the document that may be thrown away.
import * as Y from 'yjs';
import { DocumentCheck } from '../document/check.ts';
import { openDoc } from '../document/roots.ts';
import { DocumentLimitError, UpdateMalformedError, UpdatesMissingError } from '../errors.ts';
import type { CollabLimits } from '../limits.ts';

export class Candidate {
  readonly #limits: CollabLimits;
  readonly #check: DocumentCheck;
  #doc: Y.Doc;
  /** What the update under trial really adds. */
  #effect: Uint8Array[] = [];
  /** At least the size of the whole document; the exact one is measured when this passes the limit. */
  #bytes: number;

  constructor(limits: CollabLimits, state: Uint8Array) {
    this.#limits = limits;
    this.#check = new DocumentCheck(limits);
    this.#bytes = state.byteLength;
    this.#doc = this.#open(state);
  }

  #open(state: Uint8Array): Y.Doc {
    const doc = openDoc(state);
    doc.on('update', (update: Uint8Array) => this.#effect.push(update));
    return doc;
  }

  /** Starts again from a known good state. */
  reset(state: Uint8Array): void {
    this.#doc.destroy();
    this.#bytes = state.byteLength;
    this.#doc = this.#open(state);
  }

  /** Takes over what others have accepted. */
  follow(update: Uint8Array): void {
    Y.applyUpdate(this.#doc, update);
    this.#bytes += update.byteLength;
    this.#effect = [];
  }

  /**
   * What the update adds to the document, or null where that is nothing. After an error the candidate must be reset.
   * @throws UpdateMalformedError, UpdatesMissingError, DocumentShapeError, DocumentLimitError
   */
  try(update: Uint8Array): Uint8Array | null {
    this.#effect = [];
    try {
      Y.applyUpdate(this.#doc, update);
    } catch (error) {
      throw new UpdateMalformedError(error instanceof Error ? error.message : String(error), error);
    }
    const { store } = this.#doc;
    if (store.pendingStructs || store.pendingDs) throw new UpdatesMissingError();
    if (this.#effect.length === 0) return null;
    this.#check.run(this.#doc);
    const effect = Y.mergeUpdates(this.#effect);
    this.#checkSize(effect.byteLength);
    return effect;
  }

  #checkSize(added: number): void {
    const max = this.#limits.documentBytes;
    this.#bytes += added;
    if (this.#bytes <= max) return;
    this.#bytes = Y.encodeStateAsUpdate(this.#doc).byteLength;
    if (this.#bytes > max) throw new DocumentLimitError('documentBytes', this.#bytes, max, 'bytes');
  }

  destroy(): void {
    this.#doc.destroy();
  }
}
