// The CPU provider: in the npm package on every platform, the embedded default.
import { defineProvider } from './provider.ts';

export const cpu = defineProvider({
  name: 'cpu',
  cure: 'Reinstall onnxruntime-node for this platform and architecture (npm ci).',
  precheck: () => undefined,
  passOver: () => undefined,
  executionProviders: () => ['cpu'],
});
