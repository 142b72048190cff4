import { type Command, Option } from 'commander';
import { readSince, readUuid } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { assessObjection } from '../commands/objections-assess.js';
import { listObjections } from '../commands/objections-list.js';
import { completeObjection, extendObjection, showObjection } from '../commands/objections-show.js';
import { type Perform } from './perform.js';

const GROUND = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** `objections list`, `show`, `complete`, `extend`, `assess`. */
export function declareObjections(program: Command, perform: Perform): void {
  const objections = program.command('objections').description('reasoned objections and their legal clocks');
  objections
    .command('list')
    .description('open objections by the date of their reply')
    .option('--closed', 'those that were answered or taken back')
    .option('--check', 'exit 1 when one is overdue')
    .action(({ closed = false, check = false }: { closed?: boolean; check?: boolean }) =>
      perform((context) => listObjections(context, { state: closed ? 'closed' : 'open', check })),
    );
  objections
    .command('show <objection-id>')
    .description('one objection with its clocks')
    .action((id: string) => perform((context) => showObjection(context, objectionId(id))));
  objections
    .command('complete <objection-id>')
    .description('all needed information is in: the date promised to the person counts from here')
    .option('--at <time>', 'when it was: 30m, 24h, 7d (ago) or ISO 8601 with a zone; default now')
    .action((id: string, { at }: { at?: string }) =>
      perform((context) => completeObjection(context, objectionId(id), past('--at', at, context.now()))),
    );
  objections
    .command('extend <objection-id>')
    .description('two more months to reply, once; the person must have been told within the first')
    .addOption(
      new Option('--reason <reason>', 'why').choices(['number-of-requests', 'complexity']).makeOptionMandatory(),
    )
    .option('--notified <time>', 'when the person was told: 30m, 24h, 7d (ago) or ISO 8601 with a zone; default now')
    .action((id: string, { reason, notified }: { reason: string; notified?: string }) =>
      perform((context) =>
        extendObjection(context, objectionId(id), {
          reason,
          notifiedAt: past('--notified', notified, context.now()),
        }),
      ),
    );
  objections
    .command('assess <objection-id>')
    .description('answer an objection that somebody else recorded')
    .option('--uphold', 'the objection is in force')
    .option('--reject', 'the restriction ends')
    .requiredOption('--ground <code>', 'why, as a code such as founded or compelling-grounds')
    .action((id: string, flags: { uphold?: boolean; reject?: boolean; ground: string }) =>
      perform((context) => assessObjection(context, objectionId(id), readAssessment(flags))),
    );
}

const objectionId = (id: string): string => readUuid('objection id', id);

const past = (flag: string, value: string | undefined, now: number): string | undefined =>
  value === undefined ? undefined : new Date(readSince(value, now, flag)).toISOString();

function readAssessment({
  uphold = false,
  reject = false,
  ground,
}: {
  uphold?: boolean;
  reject?: boolean;
  ground: string;
}) {
  if (uphold === reject) throw usageError('objections assess: say --uphold or --reject (one of the two)');
  if (!GROUND.test(ground))
    throw usageError(`--ground: '${ground}' is no code (expected lower-case letters, digits and dashes; never a text)`);
  return { outcome: uphold ? ('upheld' as const) : ('rejected' as const), ground };
}
