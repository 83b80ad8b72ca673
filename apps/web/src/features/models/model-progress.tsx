// How far the download or the check of a model is: a bar, and the same in words.
import type { ModelTask } from './documents.ts';
import { progressWords, shareDone } from './task-words.ts';

export interface ModelProgressProps {
  readonly name: string;
  readonly task: ModelTask;
}

export function ModelProgress({ name, task }: ModelProgressProps) {
  const words = progressWords(task);
  const percent = Math.floor(shareDone(task) * 100);
  return (
    <div className="basis-full">
      <div
        role="progressbar"
        aria-label={`${task.kind === 'DOWNLOAD' ? 'Download' : 'Check'} of ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={words}
        data-task={task.state}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-1000 ease-linear motion-reduce:transition-none"
          style={{ width: `${shareDone(task) * 100}%` }}
        />
      </div>
      <p className="tabular mt-1.5 flex flex-wrap justify-between gap-x-4 text-ink-soft text-xs">
        <span>{words}</span>
        {task.state !== 'WAITING' && <span aria-hidden>{percent} %</span>}
      </p>
    </div>
  );
}
