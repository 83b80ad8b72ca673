// The plan inside a stored run.
import type { Run } from '@tessera/db';
import type { RunPlan } from '@tessera/engine/plan';
import type { RunConfig, RunOrigin } from '@tessera/protocol';

/** Written by this package only, from a plan that was parsed. */
export const planOf = ({ config }: Pick<Run, 'config'>): RunPlan => (config as RunConfig).plan as RunPlan;

export const configOf = (plan: RunPlan, origin: RunOrigin): RunConfig => ({ format: 'tessera-run-1', plan, origin });
