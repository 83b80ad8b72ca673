// A picture made from tokens, kept as a blob with the tokens that it shows.
import { putBlob } from '@tessera/db';
import type { TokensOf } from '@tessera/wire';
import type { Context } from '../context.ts';
import { SchemaError } from '../errors.ts';

export interface DecodedPicture {
  readonly blobId: string;
  readonly width: number;
  readonly height: number;
  readonly tokens: TokensOf;
}

/** Decoded at the tokenizer's own size, without loss. @throws ComputeError */
export async function keepDecoded(ctx: Context, workspaceId: string, tokens: TokensOf): Promise<DecodedPicture> {
  const [picture] = await ctx.compute.decode(tokens.tokenizer, [tokens.tokens], { format: 'png' });
  if (!picture) throw new SchemaError('UNAVAILABLE', 'No worker decoded the tokens; try again.');
  const { bytes, contentType, width, height } = picture;
  const blob = await putBlob(ctx.database, workspaceId, bytes, contentType);
  return { blobId: blob.id, width, height, tokens };
}
