// What the server says where it refuses a file: its routes answer `{"error": {"code", "message"}}`.
import { TroubleError } from '../../gql/problem.ts';

/** `otherwise` is said where the answer is not one of ours, such as a proxy's page. */
export function refusal(text: string, otherwise: string): TroubleError {
  try {
    const { error } = JSON.parse(text) as { readonly error?: { readonly code?: unknown; readonly message?: unknown } };
    if (typeof error?.message === 'string') {
      return new TroubleError({ code: String(error.code ?? 'INTERNAL'), message: error.message });
    }
  } catch {
    // Not JSON: said in our own words below.
  }
  return new TroubleError({ code: 'UNAVAILABLE', message: otherwise });
}
