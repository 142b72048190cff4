import { type Command, Option } from 'commander';
import { readSystem, readTimeout, readUuid } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { replay } from '../commands/replay.js';
import { followReplay, showReplay } from '../commands/replays-show.js';
import { readSelection, type SelectionFlags } from '../replay/read-selection.js';
import { type Perform } from './perform.js';

interface ReplayFlags extends SelectionFlags {
  system: string;
  mode: 'redeliver' | 'repair';
  dryRun?: boolean;
  wait?: boolean;
  timeout: string;
}

/** `replay` and `replays show`. */
export function declareReplay(program: Command, perform: Perform): void {
  program
    .command('replay')
    .description('deliver ledger decisions again to one system')
    .requiredOption('--system <id>', 'the system that gets them')
    .option('--unacknowledged', 'what the system has not acknowledged, as the monitor knows it')
    .option('--subject <uuid>', 'all decisions of one person')
    .option('--purpose <id>', 'all decisions about one purpose')
    .option('--since <time>', 'all decisions committed since: 30m, 24h, 7d or ISO 8601 with a zone')
    .addOption(
      new Option(
        '--mode <mode>',
        'redeliver: the same decisions again; repair: the newest truth of each triple they touch',
      )
        .choices(['redeliver', 'repair'])
        .default('redeliver'),
    )
    .option('--dry-run', 'count exactly, send nothing')
    .option('--wait', 'wait until all is sent and applied, then verify by the effective state of the system')
    .option('--timeout <seconds>', 'how long --wait waits', '300')
    .action((flags: ReplayFlags) =>
      perform((context) => {
        if (flags.dryRun && flags.wait) throw usageError('--dry-run sends nothing, so there is nothing to --wait for');
        return replay(context, {
          system: readSystem(flags.system),
          mode: flags.mode,
          select: readSelection(flags, context.now()),
          dryRun: flags.dryRun ?? false,
          wait: flags.wait ?? false,
          timeoutMs: readTimeout(flags.timeout),
        });
      }),
    );
  program
    .command('replays')
    .description('replays that were ordered')
    .command('show <replay-id>')
    .description('how far a replay is; with --wait, follow it to its end and verify it')
    .option('--wait', 'wait until all is sent and applied, then verify')
    .option('--timeout <seconds>', 'how long --wait waits', '300')
    .action((id: string, flags: { wait?: boolean; timeout: string }) =>
      perform((context) => {
        const replayId = readUuid('replay id', id);
        const timeoutMs = readTimeout(flags.timeout);
        return flags.wait ? followReplay(context, replayId, timeoutMs) : showReplay(context, replayId);
      }),
    );
}
