// The TensorRT provider: only by name, because building an engine for a model takes minutes (docs/gpu.md).
import { homedir } from 'node:os';
import { join } from 'node:path';
import { missingLibrary } from './native-library.ts';
import { defineProvider } from './provider.ts';

/**
 * ONNX Runtime's environment variables for TensorRT and our defaults; a variable that is already set wins. They must be set before the first
 * session. Whether they act depends on the binding: one that hands TensorRT an options structure makes it ignore them (docs/gpu.md).
 */
export function tensorrtEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const defaults = {
    // Built engines are kept: the second start takes seconds instead of minutes.
    ORT_TENSORRT_ENGINE_CACHE_ENABLE: '1',
    ORT_TENSORRT_CACHE_PATH: join(cache, 'tessera', 'tensorrt'),
    ORT_TENSORRT_TIMING_CACHE_ENABLE: '1',
    // Lets TensorRT choose half-precision kernels also for a float32 graph.
    ORT_TENSORRT_FP16_ENABLE: '1',
  };
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, env[name] ?? value]));
}

export const tensorrt = defineProvider({
  name: 'tensorrt',
  cure: 'Fetch the libraries with "node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12" and install CUDA 12, cuDNN 9 and TensorRT 10; see docs/gpu.md.',
  precheck: () => missingLibrary('libonnxruntime_providers_tensorrt.so'),
  passOver: () => 'it builds an engine per model, which takes minutes; ask for it by name.',
  executionProviders: (options) => {
    Object.assign(process.env, tensorrtEnvironment(process.env));
    // CUDA takes the nodes that TensorRT does not.
    return [
      { name: 'tensorrt', deviceId: options.deviceId },
      { name: 'cuda', deviceId: options.deviceId },
    ];
  },
});
