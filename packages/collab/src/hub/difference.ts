// What a client lacks, from the state vector that it sent.
import * as Y from 'yjs';
import { UpdateMalformedError } from '../errors.ts';

/** @throws UpdateMalformedError where the bytes are no state vector */
export function encodeDifference(doc: Y.Doc, stateVector: Uint8Array | undefined): Uint8Array {
  try {
    return Y.encodeStateAsUpdate(doc, stateVector);
  } catch (error) {
    throw new UpdateMalformedError('its state vector cannot be read', error);
  }
}
