// What a provider is: the port of one execution provider, and how a provider file becomes one.
import type { InferenceSession } from 'onnxruntime-node';
import type { OnnxModel } from '../model.ts';
import { loadOrtSession } from '../ort-session.ts';
import { probeInChild } from '../probe.ts';
import { completeOptions, type Session, type SessionOptions } from '../session.ts';

export type ProviderName = 'cpu' | 'cuda' | 'tensorrt' | 'webgpu';

export type Availability =
  | { readonly available: true; readonly detail: string }
  | { readonly available: false; readonly reason: string; readonly cure: string };

export interface Provider {
  readonly name: ProviderName;
  /** Really loads and runs a tiny graph on this provider, in a process of its own: a crashing driver cannot hurt the caller. */
  probe(): Promise<Availability>;
  /**
   * Loads a model in *this* process.
   * @throws ModelLoadError, OptionError
   */
  load(model: OnnxModel, options?: SessionOptions): Promise<Session>;
}

/** The facts of one provider; each file of this folder states one. */
export interface ProviderSpec {
  readonly name: ProviderName;
  /** One sentence: what would make the provider work, where it does not. */
  readonly cure: string;
  /** A reason why it cannot work, found without loading anything, or undefined. */
  readonly precheck: () => string | undefined;
  /** A reason why `auto` should pass it over although it may work by name, or undefined. */
  readonly passOver: () => string | undefined;
  /** ONNX Runtime's providers in order of preference; may set environment variables that the native library reads. */
  readonly executionProviders: (
    options: Required<SessionOptions>,
  ) => NonNullable<InferenceSession.SessionOptions['executionProviders']>;
}

export interface ProviderEntry extends Provider {
  readonly spec: ProviderSpec;
}

export function defineProvider(spec: ProviderSpec): ProviderEntry {
  return {
    name: spec.name,
    spec,
    probe: () => probeInChild(spec),
    load: (model, options) => {
      const complete = completeOptions(options);
      return loadOrtSession(spec.name, spec.executionProviders(complete), model, complete);
    },
  };
}
