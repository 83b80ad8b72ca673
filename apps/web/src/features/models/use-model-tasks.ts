// Downloads and checks of models: looked at every second while one is under way, and what people do with them.
'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { mutate } from '../../gql/mutate.ts';
import { ask } from '../../gql/query.ts';
import {
  CancelModelPullMutation,
  type ModelTask,
  ModelTasksDocument,
  PullModelMutation,
  VerifyModelMutation,
} from './documents.ts';
import { endedSince, isUnderWay, type ModelStep } from './task-state.ts';

/** ms between two looks. */
const LOOK_MS = 1_000;
const NONE: readonly ModelTask[] = [];

export interface ModelTasks {
  /** The last task of each model since the server was started. */
  readonly tasks: readonly ModelTask[];
  /** @throws TroubleError */
  readonly take: (step: ModelStep, model: string) => Promise<void>;
}

/** `offered`: whether the server lets this page download. `onEnd` is told of each task that ended while it was watched. */
export function useModelTasks(offered: boolean, onEnd: (task: ModelTask) => void): ModelTasks {
  const [tasks, setTasks] = useState(NONE);
  const last = useRef(NONE);
  const tell = useRef(onEnd);
  useEffect(() => {
    tell.current = onEnd;
  });

  const look = useCallback(async () => {
    const { modelTasks } = await ask(ModelTasksDocument, {});
    const ended = endedSince(last.current, modelTasks);
    last.current = modelTasks;
    setTasks(modelTasks);
    for (const task of ended) tell.current(task);
  }, []);
  // A server that is away for a moment is asked again at the next look; the connection is shown at the top.
  const glance = useCallback(() => void look().catch(() => {}), [look]);

  useEffect(() => {
    if (offered) glance();
  }, [offered, glance]);
  const underWay = tasks.some(isUnderWay);
  useEffect(() => {
    if (!underWay) return;
    const timer = setInterval(glance, LOOK_MS);
    return () => clearInterval(timer);
  }, [underWay, glance]);

  const take = useCallback(
    async (step: ModelStep, model: string) => {
      try {
        await send(step, model);
      } finally {
        glance();
      }
    },
    [glance],
  );
  return { tasks, take };
}

async function send(step: ModelStep, model: string): Promise<void> {
  switch (step) {
    case 'download':
    case 'continue':
    case 'retry':
    case 'repair':
      // Files that lie there, whoever put them there, are hashed; those that are right are not downloaded again.
      await mutate(PullModelMutation, { input: { model, repair: true } });
      return;
    case 'verify':
    case 'retry-verify':
      await mutate(VerifyModelMutation, { input: { model } });
      return;
    case 'cancel':
      await mutate(CancelModelPullMutation, { input: { model } });
  }
}
