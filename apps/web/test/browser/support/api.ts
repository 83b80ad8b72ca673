// What tests do beside the page: start runs, wait for them, look at what the server holds.
import { setTimeout as sleep } from 'node:timers/promises';

export class Api {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** `data` of an operation. @throws with the first error, or the problem of a payload */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by their tests
  async ask(query: string, variables: object = {}): Promise<any> {
    const response = await fetch(`${this.#address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data?: Record<string, unknown>;
      errors?: { message: string }[];
    };
    if (errors?.[0]) throw new Error(errors[0].message);
    for (const payload of Object.values(data ?? {})) {
      const problem = (payload as { problem?: { message: string } | null } | null)?.problem;
      if (problem) throw new Error(problem.message);
    }
    return data;
  }

  async workspace(): Promise<{ readonly id: string; readonly sessionId: string; readonly seedId: string }> {
    const { viewer } = await this.ask(
      '{ viewer { workspaces { id sessions(first: 1) { nodes { id } } seeds(first: 1) { nodes { id } } } } }',
    );
    const [{ id, sessions, seeds }] = viewer.workspaces;
    return { id, sessionId: sessions.nodes[0].id, seedId: seeds.nodes[0].id };
  }

  /** A short run of the pocket model. */
  async startRun(prompt: string, iterations = 6): Promise<string> {
    const { id: workspaceId, sessionId, seedId } = await this.workspace();
    const plan = { preset: 'POCKET', iterations, objectives: [{ kind: 'CLIP', prompt }], start: { kind: 'SEED' } };
    const { startRun } = await this.ask(
      'mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } problem { message } } }',
      { input: { workspaceId, sessionId, seedId, plan } },
    );
    return startRun.run.id;
  }

  async finished(...ids: readonly string[]): Promise<void> {
    for (;;) {
      const { runs } = await this.ask('query ($ids: [ID!]!) { runs(ids: $ids) { status error { message } } }', { ids });
      const states = runs as { status: string; error: { message: string } | null }[];
      const failed = states.find(({ status }) => status === 'FAILED');
      if (failed) throw new Error(failed.error?.message ?? 'The run failed.');
      if (states.every(({ status }) => status === 'COMPLETED')) return;
      await sleep(150);
    }
  }
}

/** "UnVuOmFiYw==" (Run:abc) -> "abc" */
export const rawId = (id: string): string => atob(id).split(':')[1]!;
