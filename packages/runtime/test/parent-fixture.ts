// A parent process for parent.test.ts: opens a runtime, prints the child's pid, then ends in the way its argument says.
import { openRuntime } from '../src/index.ts';
import { slowFeeds, slowModel } from './graphs.ts';

async function main(way: string): Promise<void> {
  const runtime = await openRuntime({ provider: 'cpu', process: 'child', threads: 1 });
  const session = await runtime.load(slowModel(2));
  const { pid } = await runtime.stats();
  console.log(pid);
  switch (way) {
    case 'idle': // Returns without a dispose: nothing may keep the process alive.
      return;
    case 'waiting': // A call that waits keeps the process alive until it is answered.
      console.log((await session.run(slowFeeds)).y?.shape.join());
      return;
    case 'exit': // process.exit in mid-run.
      void session.run(slowFeeds);
      setTimeout(() => process.exit(3), 20);
      return;
    case 'die': // The test kills this process.
      setInterval(() => void session.run(slowFeeds), 10);
  }
}

void main(process.argv[2] ?? '');
