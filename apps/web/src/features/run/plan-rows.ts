// A plan as rows of words and values, in the order people look for them.

export interface PlanRow {
  readonly path: string;
  readonly label: string;
  readonly value: string;
}

const LABELS: Readonly<Record<string, string>> = {
  tokenizer: 'Tokenizer',
  iterations: 'Steps',
  learningRate: 'Learning rate',
  seed: 'Random seed',
  noise: 'Noise',
  ema: 'Moving average',
  'regularisation.weight': 'Regularisation',
  'regularisation.towards': 'Regularised towards',
  'start.kind': 'Starts from',
  'start.sigma': 'Start noise (sigma)',
  lockedPositions: 'Locked tokens',
  quantisation: 'Quantisation',
  precision: 'Precision',
  resetEvery: 'Token reset every',
  vae: 'VAE',
  'plateau.window': 'Plateau window',
  'plateau.minImprovement': 'Plateau improvement',
  'meter.model': 'Score by',
  'meter.prompt': 'Score for',
  'meter.every': 'Score every',
  'meter.stopAfter': 'Stop after falling scores',
};

const OBJECTIVE_LABELS: Readonly<Record<string, string>> = {
  prompt: 'Prompt',
  negativePrompt: 'Negative prompt',
  kind: 'Kind',
  model: 'Model',
  weight: 'Weight',
  cfg: 'cfg',
  'crops.count': 'Crops',
  'crops.fraction': 'Crop size',
  'crops.flip': 'Flips',
};

/** How often frames were sent says nothing about what was computed. */
const QUIET: ReadonlySet<string> = new Set(['frameEvery']);

/** Empty values are left out; what has no name of its own is shown by its path. */
export function planRows(plan: unknown): {
  readonly general: readonly PlanRow[];
  readonly objectives: readonly (readonly PlanRow[])[];
} {
  if (typeof plan !== 'object' || plan === null) return { general: [], objectives: [] };
  const { objectives, steering: _, ...rest } = plan as Record<string, unknown>;
  return {
    general: sorted(rowsOf(rest, LABELS), LABELS),
    objectives: Array.isArray(objectives)
      ? objectives.map((objective) => sorted(rowsOf(objective, OBJECTIVE_LABELS), OBJECTIVE_LABELS))
      : [],
  };
}

/** In the order of the labels; the others come last. */
function sorted(rows: readonly PlanRow[], labels: Readonly<Record<string, string>>): PlanRow[] {
  const order = Object.keys(labels);
  const rank = ({ path }: PlanRow) => {
    const at = order.indexOf(path);
    return at < 0 ? order.length : at;
  };
  return rows.filter(({ path }) => !QUIET.has(path)).sort((a, b) => rank(a) - rank(b));
}

function rowsOf(value: unknown, labels: Readonly<Record<string, string>>, prefix = ''): PlanRow[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, part]) => rowsOf(part, labels, prefix ? `${prefix}.${key}` : key));
  }
  if (Array.isArray(value) && value.length === 0) return [];
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
  return [{ path: prefix, label: labels[prefix] ?? prefix, value: text }];
}
