// The names under which workers serve compute requests. Long ones have a queue of their own, so that pictures do not wait
// behind them.

export const COMPUTE_SERVICES = { quick: 'compute', long: 'compute.long' } as const;
export type ComputeService = keyof typeof COMPUTE_SERVICES;
