// The "copy this GraphQL query" texts: what a notebook or a shell needs to get the same data as the page.

/** A GraphQL literal: objects without quotes at keys, enum values given as `enumValue('...')`. */
export function literal(value: unknown): string {
  if (value instanceof EnumValue) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{ ${fields.map(([key, field]) => `${key}: ${literal(field)}`).join(', ')} }`;
  }
  return JSON.stringify(value ?? null);
}

class EnumValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export const enumValue = (name: string): unknown => new EnumValue(name);

/** Everything a run's page shows, as one query. */
export function runQuery(runId: string, lastStep: number): string {
  const stride = Math.max(1, Math.ceil((lastStep + 1) / 100));
  return `query Run {
  run(id: ${literal(runId)}) {
    status
    prompts
    plan
    manifest
    deadKnobs
    loss
    score
    steps(from: 0, to: ${lastStep}, stride: ${stride}) {
      step
      loss
      score
      changed
      terms { kind loss weight similarity }
    }
    tokenHistory(from: 0, to: ${lastStep}) {
      steps
      indices
    }
    positionStatistics {
      position
      changes
      firstChanged
      lastChanged
      entropy
    }
    steering { seq change appliedStep createdAt }
    parent { id }
    forkStep
  }
}`;
}

/** Several runs at a step, and where the tokens of the first two differ. */
export function compareQuery(runs: readonly { readonly id: string; readonly step: number }[]): string {
  const [first, second] = runs;
  const ids = [...new Set(runs.map(({ id }) => id))];
  const diff =
    first && second
      ? `
  stepDiff(before: ${literal({ runId: first.id, step: first.step })}, after: ${literal({ runId: second.id, step: second.step })}) {
    distance
    positions { position before after }
    lossBefore
    lossAfter
  }`
      : '';
  return `query Compare {
  runs(ids: ${literal(ids)}) {
    id
    prompts
    step(step: ${first?.step ?? 0}) { loss score tokens }
  }${diff}
}`;
}

/** The list of a history page. `filter` and `orderBy` as the page sends them, enum values wrapped. */
export function historyQuery(workspaceId: string, filter: Readonly<Record<string, unknown>>, orderBy: string): string {
  return `query History($after: String) {
  workspace(id: ${literal(workspaceId)}) {
    runs(first: 100, after: $after, orderBy: ${orderBy}, filter: ${literal(filter)}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id
        prompts
        status
        loss
        score
        stepCount
        createdAt
        user { name }
      }
    }
  }
}`;
}

/** The images of a sweep's grid at one step. */
export function sweepQuery(sweepId: string, step: number): string {
  return `query Sweep {
  sweep(id: ${literal(sweepId)}) {
    name
    axes { path values }
    runs {
      id
      sweepCell
      status
      loss
      score
      picture(step: ${step}, size: 128) { url }
    }
  }
}`;
}

export type QueryLanguage = 'graphql' | 'shell' | 'python';

/** The query in a form to paste: alone, for a shell, or for a notebook. `endpoint` is the absolute address of /graphql. */
export function queryAs(language: QueryLanguage, query: string, endpoint: string): string {
  switch (language) {
    case 'graphql':
      return query;
    case 'shell':
      return `curl -s ${endpoint} -H 'content-type: application/json' --data @- <<'EOF'\n${JSON.stringify({ query })}\nEOF`;
    case 'python':
      return `import json, urllib.request

query = """
${query}
"""
request = urllib.request.Request(
    ${JSON.stringify(endpoint)},
    data=json.dumps({"query": query}).encode(),
    headers={"content-type": "application/json"},
)
data = json.load(urllib.request.urlopen(request))["data"]`;
  }
}
