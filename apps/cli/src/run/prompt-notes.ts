// What the text models do not understand of the prompts, in words for the user.
import type { ModelLibrary, RunPlan } from '@tessera/engine';

/** One line per prompt that is cut or holds words its model does not know. @throws errors of the library and EmptyPromptError */
export async function promptNotes(library: ModelLibrary, plan: RunPlan): Promise<string[]> {
  const notes: string[] = [];
  for (const objective of plan.objectives) {
    if (!('prompt' in objective)) continue;
    const { text } = await library.encoder(objective.model);
    const prompts = [objective.prompt, 'negativePrompt' in objective ? objective.negativePrompt : null];
    for (const prompt of prompts) {
      if (prompt === null) continue;
      const { truncated, unknown, used } = text.encode(prompt);
      if (truncated > 0) {
        notes.push(
          `${objective.model} reads ${text.contextLength} tokens: the last ${truncated} of the prompt were cut.`,
        );
      }
      if (unknown.length > 0) {
        const all = used - 2 <= unknown.length ? ' It knows no word of this prompt.' : '';
        notes.push(`${objective.model} does not know ${unknown.map((word) => `"${word}"`).join(', ')}.${all}`);
      }
    }
  }
  return [...new Set(notes)];
}
