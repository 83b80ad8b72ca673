// Tries a provider for real: loads and runs the probe graph, in this process or in one of its own.
import { startEngine } from './child/connection.ts';
import { loadRemoteSession } from './child/remote-session.ts';
import { EngineCrashedError, ModelLoadError, oneLine, RunError } from './errors.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { OnnxModel } from './model.ts';
import { isProbeAnswer, PROBE_FEEDS, PROBE_MODEL } from './probe-model.ts';
import type { Availability, ProviderSpec } from './providers/provider.ts';
import type { Session, SessionOptions } from './session.ts';

type Load = (model: OnnxModel, options: SessionOptions) => Promise<Session>;

/** Loads and runs the probe graph with `load`. Never throws: whatever goes wrong is the reason why the provider is not available. */
export async function probeWith(spec: ProviderSpec, load: Load, deviceId = 0): Promise<Availability> {
  const reason = spec.precheck();
  if (reason !== undefined) return { available: false, reason, cure: spec.cure };
  const start = performance.now();
  try {
    // Without the ban on falling back, a GPU provider that takes no node would pass by computing on the CPU.
    const session = await load(PROBE_MODEL, { threads: 1, deviceId, cpuFallback: spec.name === 'cpu' });
    try {
      if (!isProbeAnswer(await session.run(PROBE_FEEDS))) {
        return { available: false, reason: 'it computed a wrong result on the test graph.', cure: spec.cure };
      }
    } finally {
      await session[Symbol.asyncDispose]();
    }
    return { available: true, detail: `ran the test graph in ${Math.round(performance.now() - start)} ms` };
  } catch (thrown) {
    return { available: false, reason: sentence(thrown), cure: spec.cure };
  }
}

/** The same in a short-lived child: a driver that crashes takes only the child with it. */
export async function probeInChild(spec: ProviderSpec, deviceId = 0): Promise<Availability> {
  const reason = spec.precheck();
  if (reason !== undefined) return { available: false, reason, cure: spec.cure };
  try {
    const engine = await startEngine(ENGINE_LIMITS);
    const timer = setTimeout(() => void engine.kill(), ENGINE_LIMITS.probeTimeoutMs);
    try {
      return await probeWith(spec, (model, options) => loadRemoteSession(engine, spec.name, model, options), deviceId);
    } finally {
      clearTimeout(timer);
      await engine[Symbol.asyncDispose]();
    }
  } catch (thrown) {
    return { available: false, reason: sentence(thrown), cure: spec.cure };
  }
}

function sentence(thrown: unknown): string {
  const facts = thrown instanceof ModelLoadError || thrown instanceof RunError ? thrown.detail : thrown;
  const text = thrown instanceof EngineCrashedError ? crashed(thrown) : oneLine(facts);
  return text.endsWith('.') ? text : `${text}.`;
}

function crashed({ requested }: EngineCrashedError): string {
  return requested
    ? `its process did not finish the test graph within ${ENGINE_LIMITS.probeTimeoutMs / 1000} s`
    : 'its process crashed on the test graph';
}
