// The record of a run from which it can be computed again, byte for byte on the same device.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { PlanError } from './errors.ts';
import { planSchema, type RunPlan } from './plan.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');

export const manifestSchema = z.object({
  format: z.literal('tessera-manifest-1'),
  plan: planSchema,
  tokenizer: z.object({ id: z.string(), sha256 }),
  encoders: z.array(z.object({ id: z.string(), sha256 })),
  /** The latents the run started from, float32 little endian in base64: no image is needed to replay an edit. */
  start: z.string(),
  /** SHA-256 of the target image and mask as float32, where an objective or a reset uses them. */
  target: sha256.nullable(),
  /** The checkpoint the run was forked from, where it changed more than a live change can; null for a run from its start. */
  origin: z.object({ step: z.number().int(), checkpoint: sha256 }).nullable(),
  /** Most lanes it shared a step with, itself included; 1 is repeatable byte for byte, more within rounding. */
  lanes: z.number().int().min(1),
  engine: z.object({
    version: z.string(),
    provider: z.string(),
    node: z.string(),
    platform: z.string(),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** @throws PlanError naming the field that is wrong */
export function parseManifest(value: unknown): Manifest {
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new PlanError(`manifest.${issue.path.join('.')}`, issue.message);
}

export interface ManifestFacts {
  readonly plan: RunPlan;
  readonly tokenizer: { readonly id: string; readonly sha256: string };
  readonly encoders: readonly { readonly id: string; readonly sha256: string }[];
  readonly start: Float32Array;
  readonly target: { readonly image: Float32Array; readonly mask: Float32Array } | undefined;
  readonly provider: string;
  readonly origin: Manifest['origin'];
  readonly lanes: number;
}

export function makeManifest({
  plan,
  tokenizer,
  encoders,
  start,
  target,
  provider,
  origin,
  lanes,
}: ManifestFacts): Manifest {
  return {
    format: 'tessera-manifest-1',
    plan,
    tokenizer: { id: tokenizer.id, sha256: tokenizer.sha256 },
    encoders: encoders.map(({ id, sha256: hash }) => ({ id, sha256: hash })),
    start: bytesOf(start).toString('base64'),
    target: target ? targetHash(target) : null,
    origin,
    lanes,
    engine: {
      version: ENGINE_VERSION,
      provider,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
  };
}

/** SHA-256 of a reference image and its mask, as manifests record it. */
export function targetHash({ image, mask }: { readonly image: Float32Array; readonly mask: Float32Array }): string {
  return createHash('sha256').update(bytesOf(image)).update(bytesOf(mask)).digest('hex');
}

/** The latents a manifest starts from. @throws PlanError when they do not fit, or the run cannot be computed from its start */
export function startOf(manifest: Manifest, length: number): Float32Array {
  if (manifest.origin) {
    throw new PlanError(
      'manifest.origin',
      `the run was forked at step ${manifest.origin.step} with changes that only its checkpoint carries; resume from that checkpoint instead`,
    );
  }
  const bytes = Buffer.from(manifest.start, 'base64');
  if (bytes.length !== length * 4) {
    throw new PlanError('manifest.start', `holds ${bytes.length} bytes, ${length * 4} are needed for this tokenizer`);
  }
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Raised whenever the same plan would compute other bytes. */
const ENGINE_VERSION = '1';

const bytesOf = (x: Float32Array): Buffer => Buffer.from(x.buffer, x.byteOffset, x.byteLength);
