import { Listr, ListrLogger, ListrLogLevels, type ListrTask, PRESET_TIMER } from 'listr2';
import { InterruptibleOutput } from './interruptible-output.ts';

/** Runs the steps one after the other and shows each with its time, on a terminal or line by line in a log, until the signal. */
export async function runSteps<Context extends object>(
  tasks: ListrTask<Context>[],
  context: Context,
  signal: AbortSignal = new AbortController().signal,
): Promise<Context> {
  const logger = <Levels extends string>(toStderr: Levels[]): ListrLogger<Levels> =>
    new ListrLogger<Levels>({ useIcons: true, toStderr, processOutput: new InterruptibleOutput(signal) });
  const timer = { ...PRESET_TIMER, condition: (duration: number) => duration > 50 };
  const list = new Listr<Context, 'default', 'simple'>(tasks, {
    concurrent: false,
    exitOnError: true,
    registerSignalListeners: false,
    rendererOptions: { collapseSubtasks: false, timer, showErrorMessage: false, logger: logger([]) },
    fallbackRendererOptions: { timer, logger: logger([ListrLogLevels.FAILED]) },
  });
  return list.run(context);
}
