// What a run is called: its name, else what was asked for.

export function runTitle(run: { readonly name: string | null; readonly prompts: readonly string[] }): string {
  return run.name || [...new Set(run.prompts)].filter(Boolean).join(' · ') || 'Run without a prompt';
}
