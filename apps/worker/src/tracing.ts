// A span per step of the engine, for whoever registers an OpenTelemetry SDK in this process; without one it costs nothing.
import { trace } from '@opentelemetry/api';

const tracer = trace.getTracer('tessera');

/** `lanes`: how many runs take the step together. */
export const stepSpan = <T>(lanes: number, step: () => Promise<T>): Promise<T> =>
  tracer.startActiveSpan('engine step', { attributes: { 'tessera.lanes': lanes } }, async (span) => {
    try {
      return await step();
    } finally {
      span.end();
    }
  });
