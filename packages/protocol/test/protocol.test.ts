// The tables other programs rely on: close codes, limits, roles, and the edges of the run's state machine.
import { describe, expect, test } from 'vitest';
import {
  allows,
  CLOSE_CODES,
  closeCode,
  isEnding,
  LIMITS,
  limitsWith,
  nextRunState,
  RIGHTS,
  ROLES,
  RUN_STATUSES,
  type RunState,
  type RunTransition,
} from '../src/index.ts';

const lease = { worker: 'w1', fence: 3 };
const error = { code: 'INTERNAL', message: 'the device is gone' };
const states: Record<string, RunState> = {
  queued: { status: 'queued' },
  leased: { status: 'leased', lease },
  running: { status: 'running', lease },
  paused: { status: 'paused' },
  completed: { status: 'completed' },
  cancelled: { status: 'cancelled' },
  plateau: { status: 'plateau' },
  diverged: { status: 'diverged' },
  failed: { status: 'failed', error },
};
const transitions: Record<string, RunTransition> = {
  claim: { type: 'claim', lease },
  step: { type: 'step' },
  interrupt: { type: 'interrupt', reason: 'lease expired' },
  pause: { type: 'pause' },
  resume: { type: 'resume' },
  complete: { type: 'finish', status: 'completed' },
  cancel: { type: 'finish', status: 'cancelled' },
  fail: { type: 'fail', error },
};

describe('run states', () => {
  test('the edges are exactly these', () => {
    const edges = Object.entries(states).flatMap(([from, state]) =>
      Object.entries(transitions).flatMap(([by, transition]) => {
        const next = nextRunState(state, transition);
        return next ? [`${from} -${by}-> ${next.status}`] : [];
      }),
    );
    expect(edges).toEqual([
      'queued -claim-> leased',
      'queued -pause-> paused',
      'queued -cancel-> cancelled',
      'queued -fail-> failed',
      ...['leased', 'running'].flatMap((from) => [
        `${from} -step-> running`,
        `${from} -interrupt-> queued`,
        `${from} -pause-> paused`,
        `${from} -complete-> completed`,
        `${from} -cancel-> cancelled`,
        `${from} -fail-> failed`,
      ]),
      'paused -resume-> queued',
      'paused -cancel-> cancelled',
      'paused -fail-> failed',
    ]);
  });

  test('every status has a state here, and endings are final', () => {
    expect(Object.keys(states).sort()).toEqual([...RUN_STATUSES].sort());
    for (const state of Object.values(states).filter(({ status }) => isEnding(status))) {
      for (const transition of Object.values(transitions)) expect(nextRunState(state, transition)).toBeUndefined();
    }
  });
});

test('close codes are those of graphql-transport-ws, each once', () => {
  expect(Object.fromEntries(Object.entries(CLOSE_CODES).map(([name, { code }]) => [name, code]))).toEqual({
    internalServerError: 4500,
    internalClientError: 4005,
    badRequest: 4400,
    badResponse: 4004,
    unauthorized: 4401,
    forbidden: 4403,
    subprotocolNotAcceptable: 4406,
    connectionInitialisationTimeout: 4408,
    connectionAcknowledgementTimeout: 4504,
    subscriberAlreadyExists: 4409,
    tooManyInitialisationRequests: 4429,
  });
  expect(closeCode(4429)?.name).toBe('tooManyInitialisationRequests');
  expect(closeCode(1000)).toBeUndefined();
});

test('every limit is a positive number with a unit and a reason, and can be overridden alone', () => {
  for (const [name, { value, unit, reason }] of Object.entries(LIMITS)) {
    expect(value, name).toBeGreaterThan(0);
    expect(unit.length * reason.length, name).toBeGreaterThan(0);
  }
  expect(limitsWith({ maxFps: 5 })).toEqual({ ...limitsWith(), maxFps: 5 });
  // Two renewals may fail and the lease still holds.
  expect(LIMITS.leaseRenewSeconds.value * 2).toBeLessThan(LIMITS.leaseSeconds.value);
});

test('a role has all rights of the roles below it', () => {
  const rights = Object.keys(RIGHTS) as (keyof typeof RIGHTS)[];
  const counts = ROLES.map((role) => rights.filter((right) => allows(role, right)).length);
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  expect(counts[0]).toBe(rights.length);
  expect(allows('viewer', 'run')).toBe(false);
  expect(allows('runner', 'edit')).toBe(false);
});
