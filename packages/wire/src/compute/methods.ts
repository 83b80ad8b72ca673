// The compute requests, one row each: shape of the request, shape of the answer, who answers.
import { z } from 'zod';
import { bytes, float32, format, id, number, sha256, tokens, whole } from '../messages/fields.ts';
import { COMPUTE_LIMITS as LIMITS } from './limits.ts';
import { method } from './method.ts';

const model = z.strictObject({
  id,
  name: z.string(),
  kind: z.enum(['tokenizer', 'encoder']),
  family: z.string(),
  licence: z.string(),
  bytes: whole,
  embedded: z.boolean(),
  installed: z.boolean(),
  imageSize: whole,
  positions: whole.exactOptional(),
  codebookSize: whole.exactOptional(),
  channels: whole.exactOptional(),
  sha256: sha256.exactOptional(),
});

const picture = z.strictObject({ bytes, contentType: z.string(), width: whole, height: whole, sha256 });

const options = z.strictObject({
  size: z.int().min(1).max(LIMITS.pictureSize.value).exactOptional(),
  format: format.exactOptional(),
});

const perturbOptions = options.extend({
  count: z.int().min(1).max(LIMITS.perturbations.value),
  order: z.enum(['largest', 'smallest', 'text']),
  model: id.exactOptional(),
  prompt: z.string().max(LIMITS.textCharacters.value).exactOptional(),
});

const pictures = z.array(bytes).max(LIMITS.picturesPerRequest.value);
const texts = z.array(z.string().max(LIMITS.textCharacters.value)).max(LIMITS.textsPerRequest.value);

export const models = method({
  name: 'models',
  service: 'quick',
  request: z.strictObject({}),
  answer: z.array(model),
  run: async (compute) => [...(await compute.models())],
});

export const decode = method({
  name: 'decode',
  service: 'quick',
  request: z.strictObject({ tokenizer: id, tokens: z.array(tokens).max(LIMITS.picturesPerRequest.value), options }),
  answer: z.array(picture),
  run: async (compute, { tokenizer, tokens, options }) => [...(await compute.decode(tokenizer, tokens, options))],
});

export const encode = method({
  name: 'encode',
  service: 'quick',
  request: z.strictObject({ tokenizer: id, picture: bytes }),
  answer: tokens,
  run: (compute, { tokenizer, picture }) => compute.encode(tokenizer, picture),
});

export const embedTexts = method({
  name: 'embedTexts',
  service: 'quick',
  request: z.strictObject({ model: id, texts }),
  answer: z.array(float32),
  run: async (compute, { model, texts }) => [...(await compute.embedTexts(model, texts))],
});

export const embedPictures = method({
  name: 'embedPictures',
  service: 'quick',
  request: z.strictObject({ model: id, pictures }),
  answer: z.array(float32),
  run: async (compute, { model, pictures }) => [...(await compute.embedPictures(model, pictures))],
});

export const perturb = method({
  name: 'perturb',
  service: 'long',
  request: z.strictObject({
    from: z.strictObject({ tokenizer: id, tokens }),
    position: whole,
    options: perturbOptions,
  }),
  answer: z.array(z.strictObject({ token: whole, change: number, score: number.exactOptional(), picture })),
  run: async (compute, { from, position, options }) => [...(await compute.perturb(from, position, options))],
});

/** What a worker answers. */
export const METHODS = [models, decode, encode, embedTexts, embedPictures, perturb].map(
  ({ name, service, handle }) => ({
    name,
    service,
    handle,
  }),
);
