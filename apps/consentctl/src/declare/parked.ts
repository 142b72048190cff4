import { type Command } from 'commander';
import { readSystem } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { listParked } from '../commands/parked-list.js';
import { redriveParked } from '../commands/parked-redrive.js';
import { releaseParked } from '../commands/parked-release.js';
import { type Perform } from './perform.js';

/** `parked list`, `parked release`, `parked redrive`. */
export function declareParked(program: Command, perform: Perform): void {
  const parked = program.command('parked').description('decisions that a system could not process');
  parked
    .command('list')
    .description('parked decisions, oldest first')
    .option('--system <id>', 'one system alone')
    .action(({ system }: { system?: string }) =>
      perform((context) => listParked(context, system === undefined ? undefined : readSystem(system))),
    );
  parked
    .command('release <id...>')
    .description('apply parked decisions again, by the ids that parked list shows')
    .requiredOption('--system <id>', 'the system that parked them')
    .action((ids: string[], { system }: { system: string }) =>
      perform((context) => releaseParked(context, readSystem(system), ids.map(parkedId))),
    );
  parked
    .command('redrive [id...]')
    .description('send parked decisions through the system again: those named, or --all')
    .requiredOption('--system <id>', 'the system that parked them')
    .option('--all', 'every parked decision of the system')
    .action((ids: string[], { system, all = false }: { system: string; all?: boolean }) =>
      perform((context) => {
        if (all === ids.length > 0) throw usageError('parked redrive: name ids, or say --all (one of the two)');
        return redriveParked(context, readSystem(system), all ? 'all' : ids.map(parkedId));
      }),
    );
}

function parkedId(id: string): string {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id))
    throw usageError(`'${id}' is no parked id (expected an id that parked list shows)`);
  return id;
}
