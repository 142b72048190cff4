import { Listr, type ListrTask, PRESET_TIMER } from 'listr2';

/** Runs the steps one after the other and shows each with its time, on a terminal or line by line in a log. */
export async function runSteps<Context extends object>(
  tasks: ListrTask<Context>[],
  context: Context,
): Promise<Context> {
  const timer = { ...PRESET_TIMER, condition: (duration: number) => duration > 50 };
  const list = new Listr<Context, 'default', 'simple'>(tasks, {
    concurrent: false,
    exitOnError: true,
    registerSignalListeners: false,
    rendererOptions: { collapseSubtasks: false, timer, showErrorMessage: false },
    fallbackRendererOptions: { timer },
  });
  return list.run(context);
}
