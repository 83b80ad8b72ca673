// Claims the next run of a test's own world.
import { claimNext } from '../../src/index.ts';
import type { World } from './world.ts';

export const take = (world: World, worker = 'w', over: object = {}) =>
  claimNext(world.database, {
    worker,
    capabilities: [world.capability],
    runningRunsPerUser: 1_000,
    runningRunsPerWorkspace: 1_000,
    ...over,
  });
