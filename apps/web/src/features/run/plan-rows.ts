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
  quantisation: 'Quantisation',
  precision: 'Precision',
  resetEvery: 'Token reset every',
  frameEvery: 'Frame every',
  vae: 'VAE',
  'plateau.window': 'Plateau window',
  'plateau.minImprovement': 'Plateau improvement',
  'meter.model': 'Score by',
  'meter.prompt': 'Score for',
  'meter.every': 'Score every',
  'meter.stopAfter': 'Stop after falling scores',
};

const OBJECTIVE_LABELS: Readonly<Record<string, string>> = {
  kind: 'Kind',
  model: 'Model',
  prompt: 'Prompt',
  negativePrompt: 'Negative prompt',
  cfg: 'cfg',
  weight: 'Weight',
  'crops.count': 'Crops',
  'crops.fraction': 'Crop size',
  'crops.flip': 'Flips',
};

/** Empty values are left out; what has no name of its own is shown by its path. */
export function planRows(plan: unknown): {
  readonly general: readonly PlanRow[];
  readonly objectives: readonly (readonly PlanRow[])[];
} {
  if (typeof plan !== 'object' || plan === null) return { general: [], objectives: [] };
  const { objectives, steering: _, ...rest } = plan as Record<string, unknown>;
  const order = Object.keys(LABELS);
  const rank = ({ path }: PlanRow) => {
    const at = order.indexOf(path);
    return at < 0 ? order.length : at;
  };
  return {
    general: rowsOf(rest, LABELS).sort((a, b) => rank(a) - rank(b)),
    objectives: Array.isArray(objectives) ? objectives.map((objective) => rowsOf(objective, OBJECTIVE_LABELS)) : [],
  };
}

function rowsOf(value: unknown, labels: Readonly<Record<string, string>>, prefix = ''): PlanRow[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, part]) => rowsOf(part, labels, prefix ? `${prefix}.${key}` : key));
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [{ path: prefix, label: labels[prefix] ?? prefix, value: text }];
}
