// What a command says: for people, for programs (one JSON object per line), or next to nothing.
import type { StepEvent } from '@tessera/engine';
import type { ReportFlags } from '../options/run-flags.ts';
import { writeJson } from './json.ts';
import { Progress } from './progress.ts';

export interface WrittenFile {
  /** What it is: image, animation, sheet, tokens, checkpoint. */
  readonly kind: string;
  readonly path: string;
}

/** The end of a command: facts for programs, a sentence for people, and the files. */
export interface Outcome {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly summary: string;
  readonly files: readonly WrittenFile[];
}

export interface Reporter {
  /** Something that takes time starts. */
  doing(text: string): void;
  /** Worth knowing, changes nothing. Said once, however often it is noted. */
  note(text: string): void;
  step(event: StepEvent, total: number): void;
  result(outcome: Outcome): void;
  /** Takes the progress line away. */
  clear(): void;
}

export function reporter({ json, quiet }: ReportFlags): Reporter {
  const made = json ? jsonReporter() : quiet ? quietReporter() : textReporter();
  const said = new Set<string>();
  return {
    ...made,
    note(text) {
      if (!said.has(text)) made.note(text);
      said.add(text);
    },
  };
}

function textReporter(): Reporter {
  const progress = new Progress();
  return {
    doing: (text) => progress.say(text),
    note(text) {
      progress.clear();
      process.stderr.write(`note: ${text}\n`);
    },
    step: (event, total) => progress.step(event, total),
    result({ summary, files }) {
      progress.clear();
      const width = Math.max(0, ...files.map(({ kind }) => kind.length));
      for (const { kind, path } of files) process.stdout.write(`${kind.padEnd(width)}  ${path}\n`);
      process.stdout.write(`${summary}\n`);
    },
    clear: () => progress.clear(),
  };
}

function quietReporter(): Reporter {
  return {
    doing: () => undefined,
    note: () => undefined,
    step: () => undefined,
    result: ({ files }) => {
      for (const { path } of files) process.stdout.write(`${path}\n`);
    },
    clear: () => undefined,
  };
}

function jsonReporter(): Reporter {
  const notes: string[] = [];
  return {
    doing: () => undefined,
    note: (text) => notes.push(text),
    step: (event, total) => writeJson({ type: 'step', ...stepFacts(event, total) }),
    result: ({ facts, files }) => writeJson({ type: 'result', ...facts, files, notes }),
    clear: () => undefined,
  };
}

function stepFacts(event: StepEvent, total: number): Record<string, unknown> {
  const { frame: _, gradientNorms, tokens, ...rest } = event;
  return {
    ...rest,
    total,
    gradientNorms: Array.from(gradientNorms),
    tokens: { kind: tokens.kind, data: Array.from(tokens.data) },
  };
}
