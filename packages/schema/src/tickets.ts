// Signed addresses: whoever holds one may read exactly what it names, without a header (pictures in a page, downloads).

/** What a ticket may name. Run steps and blobs never change, so neither does what their tickets show. */
export type TicketSubject =
  | {
      readonly kind: 'step-picture';
      readonly workspaceId: string;
      readonly runId: string;
      readonly step: number;
      readonly size?: number;
      readonly format: 'webp' | 'jpeg' | 'png';
    }
  | { readonly kind: 'blob-picture'; readonly workspaceId: string; readonly blobId: string; readonly size?: number }
  | {
      readonly kind: 'tokens-picture';
      readonly tokenizer: string;
      readonly indices: readonly number[];
      readonly size?: number;
    }
  | {
      readonly kind: 'run-export';
      readonly workspaceId: string;
      readonly runId: string;
      readonly format: string;
      readonly step?: number;
      readonly size?: number;
      readonly fps?: number;
      readonly stride?: number;
    };

export interface Tickets {
  /**
   * A token for an address that opens for `seconds` at least. The same subject gives the same token within a minute, or within a
   * day (UTC) where it opens for a day or longer: then it opens for two days at most.
   */
  sign(subject: TicketSubject, seconds: number): Promise<string>;
  /** @throws ExpiredError, or NotFoundError for a token that this installation did not sign */
  open(token: string): Promise<TicketSubject>;
}
