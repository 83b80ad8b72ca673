// Imported first in the engine process: Ctrl-C and SIGTERM are the parent's to answer (rule P12).
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
