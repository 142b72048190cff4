import { Command } from 'commander';
import { instanceAt } from '../stack/instance.ts';
import { StackError } from '../stack/stack-error.ts';

const program = new Command('node tools/run.mjs')
  .description('Starts, shows, tests and removes everything on this machine.')
  .showHelpAfterError();

const stack = program
  .command('stack')
  .description('PostgreSQL, Kafka and the schema registry alone, in the background');
stack
  .command('up')
  .description('start them, leave them running and print their addresses as shell exports')
  .option('--name <name>', 'data folder below .data', 'dev')
  .action(async ({ name }: { name: string }) => (await import('./stack.ts')).stackUp(instanceAt(name)));
stack
  .command('down')
  .description('stop them; data stay')
  .option('--name <name>', 'data folder below .data', 'dev')
  .action(async ({ name }: { name: string }) => (await import('./stack.ts')).stackDown(instanceAt(name)));

// The channel to run.mjs must not keep this process alive.
process.channel?.unref();
try {
  await program.parseAsync();
} catch (error) {
  // What the user can mend is one line; anything else is ours, and shows where it happened.
  process.stderr.write(
    error instanceof StackError ? `${error.message}\n` : `${(error as Error).stack ?? String(error)}\n`,
  );
  process.exitCode = 1;
}
