// Every contract, for one form of database.

import { heldRunsContract } from './held-runs.ts';
import { historyContract } from './history.ts';
import { peopleContract } from './people.ts';
import { runsContract } from './runs.ts';
import { sessionsContract } from './sessions.ts';

export const CONTRACTS = {
  runs: runsContract,
  heldRuns: heldRunsContract,
  history: historyContract,
  sessions: sessionsContract,
  people: peopleContract,
} as const;
