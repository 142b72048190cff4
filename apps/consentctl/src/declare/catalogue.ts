import { type Command } from 'commander';
import { readTimeout, readUuid } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { applyChange, planChange, showChange } from '../commands/catalogue-change.js';
import { type Perform } from './perform.js';

/** How a new version of the catalogue comes into force: `catalogue`. */
export function declareCatalogue(program: Command, perform: Perform): void {
  const catalogue = program.command('catalogue').description('new versions of the catalogue');
  catalogue
    .command('plan')
    .description('what a new version would change, for how many people; nothing comes into force')
    .requiredOption('--catalogue <folder>', 'the new version')
    .option('--timeout <seconds>', 'how long it waits for the count', '300')
    .action((flags: { catalogue: string; timeout: string }) =>
      perform((context) => planChange(context, flags.catalogue, readTimeout(flags.timeout))),
    );
  catalogue
    .command('apply <change-id>')
    .description('bring a planned version into force')
    .requiredOption('--plan <hash>', 'of the plan that was looked at')
    .option(
      '--despite <reason>',
      'although a system has no rule for a purpose that names it anew, or could not be asked',
    )
    .option('--wait', 'until all that follows from it is published')
    .option('--timeout <seconds>', 'how long --wait waits', '300')
    .action((id: string, flags: { plan: string; despite?: string; wait?: boolean; timeout: string }) =>
      perform((context) =>
        applyChange(context, {
          changeId: readUuid('change id', id),
          planHash: readHash(flags.plan),
          despite: flags.despite ?? null,
          wait: flags.wait ?? false,
          timeoutMs: readTimeout(flags.timeout),
        }),
      ),
    );
  catalogue
    .command('show <change-id>')
    .description('how far a change is')
    .action((id: string) => perform((context) => showChange(context, readUuid('change id', id))));
}

function readHash(value: string): string {
  if (/^[0-9a-f]{64}$/.test(value)) return value;
  throw usageError(`--plan: '${value}' is no hash of a plan (expected 64 lower-case hexadecimal digits)`);
}
