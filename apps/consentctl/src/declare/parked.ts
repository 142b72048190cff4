import { type Command } from 'commander';
import { readSystem } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { discardParked } from '../commands/parked-discard.js';
import { listParked } from '../commands/parked-list.js';
import { redriveParked, type ToRedrive } from '../commands/parked-redrive.js';
import { releaseParked } from '../commands/parked-release.js';
import { type Perform } from './perform.js';

/** `parked list`, `parked release`, `parked redrive`, `parked discard`. */
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
    .description('send parked decisions through the system again: those named, --all, or all of one --reason')
    .requiredOption('--system <id>', 'the system that parked them')
    .option('--all', 'every parked decision of the system')
    .option('--reason <code>', 'those parked for this reason, as parked list shows')
    .action((ids: string[], flags: RedriveFlags) =>
      perform((context) => redriveParked(context, readSystem(flags.system), readWhich(ids, flags))),
    );
  parked
    .command('discard <id...>')
    .description('set aside records that are no decisions, and let what waits for them go on; never a decision')
    .requiredOption('--system <id>', 'the system that parked them')
    .option('--without-copy', 'also what the dead-letter topic takes no copy of: the system keeps it in its database')
    .action((ids: string[], { system, withoutCopy = false }: { system: string; withoutCopy?: boolean }) =>
      perform((context) => discardParked(context, readSystem(system), ids.map(parkedId), { withoutCopy })),
    );
}

interface RedriveFlags {
  system: string;
  all?: boolean;
  reason?: string;
}

function readWhich(ids: string[], { all = false, reason }: RedriveFlags): ToRedrive {
  if (Number(ids.length > 0) + Number(all) + Number(reason !== undefined) !== 1)
    throw usageError('parked redrive: name ids, or say --all, or --reason <code> (one of the three)');
  return ids.length > 0 ? { ids: ids.map(parkedId) } : { reason: reason ?? null };
}

function parkedId(id: string): string {
  if (!/^[1-9]\d{0,17}$/.test(id)) throw usageError(`'${id}' is no parked id (expected digits, as parked list shows)`);
  return id;
}
