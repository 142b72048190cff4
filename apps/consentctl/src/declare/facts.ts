import { type Command } from 'commander';
import { readUuid } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { loadFactsFile } from '../commands/facts-load.js';
import { transferScope } from '../commands/scopes-transfer.js';
import { type Perform } from './perform.js';

/** What is known of people, and what passes between them: `facts`, `scopes`. */
export function declareFacts(program: Command, perform: Perform): void {
  program
    .command('facts')
    .description('what is known of people')
    .command('load <file>')
    .description(
      'facts of many people from a file, one JSON object a line; the same command again goes on where it stopped',
    )
    .option('--rejects <file>', 'where lines go that are wrong (default: <file>.rejected.ndjson)')
    .option('--run <name>', 'another name loads the same file once more', '1')
    .action((file: string, flags: { rejects?: string; run: string }) =>
      perform((context) => loadFactsFile(context, { file, rejects: flags.rejects ?? null, run: readRun(flags.run) })),
    );
  program
    .command('scopes')
    .description('accounts, lines, devices, contact points')
    .command('transfer <scope-id>')
    .description('to another holder: what is open in it closes, and a new id is minted')
    .requiredOption('--to <subject-id>', 'the next holder')
    .option('--brand <brand>', 'of the new scope; without it, the brand of the old one')
    .action((id: string, flags: { to: string; brand?: string }) =>
      perform((context) =>
        transferScope(context, readUuid('scope id', id), {
          toSubjectId: readUuid('--to', flags.to),
          ...(flags.brand === undefined ? {} : { brand: flags.brand }),
        }),
      ),
    );
}

function readRun(value: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(value)) return value;
  throw usageError(`--run: '${value}' is no name (expected 1 to 64 letters, digits and . _ -)`);
}
