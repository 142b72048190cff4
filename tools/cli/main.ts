import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { instanceAt, ROOT } from '../stack/instance.ts';
import { StackError } from '../stack/stack-error.ts';

const program = new Command('node tools/run.mjs')
  .description('Starts, shows, tests and removes everything on this machine.')
  .showHelpAfterError()
  .addHelpText('after', '\n  doctor           say what a start needs and whether it is there');

const count = (text: string): number => {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1 to 9999999');
};
const SUBJECTS = ['--subjects <n>', 'how many people the demonstration traffic is about', count, 10_000] as const;
const folderName = (text: string): string => {
  if (/^[a-z0-9][a-z0-9-]*$/.test(text) && text !== 'jars') return text;
  throw new InvalidArgumentError("expected small letters, digits and dashes, and not 'jars'");
};
const NAME = ['--name <name>', 'data folder below .data', folderName] as const;
const RATE = ['--rate <n>', 'decisions a second; as fast as they are accepted when absent', count] as const;

program
  .command('start')
  .description('start everything, feed demonstration traffic and show its propagation until Ctrl-C')
  .option(...SUBJECTS)
  .option('--seed <n>', 'whose histories are made; another one each time when absent', count)
  .option(...RATE)
  .option('--no-traffic', 'start everything and feed nothing')
  .option(...NAME, 'main')
  .action(async (options: { subjects: number; seed?: number; rate?: number; traffic: boolean; name: string }) =>
    (await import('./start.ts')).start(instanceAt(options.name), options),
  );
program
  .command('demo')
  .description('the same on empty data, ending by itself: exit 0 only when every system has applied every decision')
  .option(...SUBJECTS)
  .option('--seed <n>', 'whose histories are made', count, 1)
  .option(...RATE)
  .option('--patience-seconds <n>', 'how long the systems may take after the last decision', count, 120)
  .option('--name <name>', `${NAME[1]}, emptied first`, folderName, 'demo')
  .action(async (options: { subjects: number; seed: number; rate?: number; patienceSeconds: number; name: string }) => {
    if (!(await (await import('./demo.ts')).demo(instanceAt(options.name), options))) process.exitCode = 1;
  });
program
  .command('test')
  .description('run every check and every suite on a stack of its own')
  .argument('[pattern...]', 'only suites whose path matches')
  .action(async (patterns: string[]) => {
    if (!(await (await import('../test/main.ts')).test(instanceAt('test'), patterns))) process.exitCode = 1;
  });
program
  .command('clean')
  .description('remove all data, logs and downloaded jars')
  .action(async () => (await import('./clean.ts')).clean());
program
  .command('bench')
  .description('measure latency, throughput and drain')
  .allowUnknownOption()
  .allowExcessArguments()
  .action(async (_: object, command: Command) => {
    (await import('../bench/options.ts')).benchOptions(command.args);
    // What the benchmark imports is built too.
    await (await import('./build.ts')).build();
    await script('bench/main.ts', command.args);
  });
program
  .command('catalogue')
  .description('say what a catalogue holds, or every fault of it and of the rules of the systems for it')
  .argument('[folder]', 'of the catalogue', 'catalogue')
  .action(async (folder: string) => {
    await (await import('./build.ts')).build('@consent/consent-rules');
    await script('catalogue/check.ts', [folder]);
  });
program
  .command('types')
  .description('write the types of the schemas')
  .action(() => script('schemas/generate-types.ts', []));

const stack = program
  .command('stack')
  .description('PostgreSQL, Kafka and the schema registry alone, in the background');
stack
  .command('up')
  .description('start those that do not run, leave them running and print their addresses as shell exports')
  .option(...NAME, 'dev')
  .action(async (options: { name: string }) => (await import('./stack.ts')).stackUp(instanceAt(options.name)));
stack
  .command('down')
  .description('stop them; data stay')
  .option(...NAME, 'dev')
  .action(async (options: { name: string }) => (await import('./stack.ts')).stackDown(instanceAt(options.name)));

// The channel to run.mjs must not keep this process alive.
process.channel?.unref();
try {
  await program.parseAsync();
} catch (error) {
  // What the user can mend is one line; anything else is ours, and shows where it happened.
  process.stderr.write(`${textOf(error)}\n`);
  process.exitCode = 1;
}

/** Runs a script of tools as if it had been called with these arguments. */
async function script(file: string, args: readonly string[]): Promise<void> {
  const main = path.join(ROOT, 'tools', file);
  process.argv.splice(1, process.argv.length, main, ...args);
  await import(main);
}

function textOf(error: unknown): string {
  if (error instanceof StackError) return error.details ? `${error.message}\n${error.details}` : error.message;
  return (error as Error).stack ?? String(error);
}
