// The CUDA provider: NVIDIA GPUs on linux/x64, once the libraries that the npm package lacks are fetched (docs/gpu.md).
import { missingLibrary } from './native-library.ts';
import { defineProvider } from './provider.ts';

// Tensor cores would otherwise round float32 products to 10 bits of mantissa, and codes of the quantiser would flip.
// The CUDA libraries read this when they are loaded; a user who wants TF32 sets it to 1.
process.env.NVIDIA_TF32_OVERRIDE ??= '0';

export const cuda = defineProvider({
  name: 'cuda',
  cure: 'Fetch the CUDA libraries with "node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12" and install CUDA 12 and cuDNN 9; see docs/gpu.md.',
  precheck: () => missingLibrary('libonnxruntime_providers_cuda.so'),
  passOver: () => undefined,
  // The Node binding reads no other CUDA option than the device.
  executionProviders: (options) => [{ name: 'cuda', deviceId: options.deviceId }],
});
