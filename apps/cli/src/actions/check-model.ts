// Encodes an image whose tokens are published and counts how many come out.
import type { CheckFlags } from '../commands/models.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { writeJson } from '../output/json.ts';
import { openEngine, openLibrary } from '../run/engine.ts';
import { readSeed } from '../run/seed.ts';
import { agreeing, KNOWN_ANSWERS } from '../tokens/known-answers.ts';

/** @throws UsageError for a model without a published answer; errors of the image, the model and the engine */
export async function check(id: string, { image, json, ...engineFlags }: CheckFlags): Promise<ExitCode> {
  const answer = Object.hasOwn(KNOWN_ANSWERS, id) ? KNOWN_ANSWERS[id] : undefined;
  if (!answer) {
    const known = Object.keys(KNOWN_ANSWERS).join(', ');
    throw new UsageError(`no tokens of a known image are published for ${id}: there are some for ${known}`);
  }
  const library = openLibrary();
  const loaded = await library.tokenizer(id);
  const pixels = await readSeed(image, loaded.tokenizer.imageSize, 'crop');
  await using engine = await openEngine(engineFlags, library);
  const { tokens } = await engine.encode(loaded, pixels);
  const total = answer.indices.length;
  const agree = agreeing(answer, tokens);
  const passed = agree.length >= answer.least;
  if (json) {
    const { indices: expected } = answer;
    writeJson({ type: 'result', id, passed, agree: agree.length, total, expected, found: Array.from(tokens.data) });
  } else process.stdout.write(`${id}: ${agree.length} of ${total} tokens are the published ones\n`);
  if (passed) return EXIT.ok;
  process.stderr.write(
    `tessera: ${id}: at least ${answer.least} of ${total} should agree: give ${answer.image}, or check the files with tessera models verify ${id}\n`,
  );
  return EXIT.model;
}
