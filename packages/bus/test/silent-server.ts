// A process that says that it serves and that it took a request, and never answers. Arguments: address of Redis, prefix.
import { openBus } from '../src/index.ts';

const [redisUrl = '', prefix = ''] = process.argv.slice(2);
const bus = await openBus({ redisUrl, prefix });
bus.calls.serve(
  'echo',
  () => {
    console.log('taken');
    return new Promise(() => {});
  },
  { concurrency: 1 },
);
console.log('serving');
