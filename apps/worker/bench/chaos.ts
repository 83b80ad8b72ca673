// npm run chaos -w apps/worker -- --rounds 100: kills worker processes at random steps and prints what became of the runs.
import { parseArgs } from 'node:util';
import { randomOf } from '@tessera/protocol/testing';
import { Chaos, type Round } from '../test/support/chaos.ts';
import { openStage, scaledOut } from '../test/support/stage.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    workers: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

// The servers and workers of a bench that is stopped are ended on the way out.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const services = await scaledOut();
if (typeof services === 'string' || !services.urls) throw new Error(String(services));
const rounds: Round[] = [];
{
  await using stage = await openStage(services);
  await using chaos = new Chaos(stage, services.urls, randomOf(Number(values.seed)));
  await chaos.start(Number(values.workers));
  for (let i = 1; i <= Number(values.rounds); i++) {
    const round = await chaos.round();
    rounds.push(round);
    const bad = round.lost || round.badSteps > 0 || round.differs || round.badReplay;
    const end = round.killedAt === undefined ? 'ended before the kill' : `killed at ${round.killedAt}`;
    console.log(`${i}/${values.rounds} ${end}, resumed in ${round.resumeMs ?? '-'} ms${bad ? ' BAD' : ''}`);
    if (bad) console.log(JSON.stringify(round));
  }
}
const resumes = rounds.flatMap(({ resumeMs }) => (resumeMs === undefined ? [] : [resumeMs])).sort((a, b) => a - b);
const count = (is: (round: Round) => boolean) => rounds.filter(is).length;
console.table({
  seed: values.seed,
  rounds: rounds.length,
  kills: count(({ killedAt }) => killedAt !== undefined),
  'runs lost': count(({ lost }) => lost),
  'steps doubled or missing': rounds.reduce((sum, { badSteps }) => sum + badSteps, 0),
  'histories that differ': count(({ differs }) => differs),
  'replays with a hole': count(({ badReplay }) => badReplay),
  'resume p50 (ms)': resumes[Math.floor(resumes.length / 2)],
  'resume max (ms)': resumes.at(-1),
});
process.exitCode = rounds.some(({ lost, badSteps, differs, badReplay }) => lost || badSteps || differs || badReplay)
  ? 1
  : 0;
