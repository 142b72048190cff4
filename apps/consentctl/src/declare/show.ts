import { type Command } from 'commander';
import { readCategory, readLanguage, readMoment, readPurpose, readSystem, readUuid } from '../arguments.js';
import { listConflicts } from '../commands/conflicts-list.js';
import { showDecision } from '../commands/decisions-show.js';
import { diffPurposes } from '../commands/purposes-diff.js';
import { listPurposes } from '../commands/purposes-list.js';
import { showPurpose } from '../commands/purposes-show.js';
import { showSubject } from '../commands/subject-show.js';
import { explainSubject } from '../commands/subject-why.js';
import { showSystems } from '../commands/systems-status.js';
import { type WhyAsked } from '../http/consent-service.js';
import { type Perform } from './perform.js';

/** Commands that only look: `subject`, `decisions`, `systems`, `conflicts`, `purposes`. */
export function declareShow(program: Command, perform: Perform): void {
  const subject = program.command('subject').description('a person, by random id');
  subject
    .command('show <subject-id>')
    .description("every decision, every system's answer")
    .action((id: string) => perform((context) => showSubject(context, readUuid('subject id', id))));
  subject
    .command('why <subject-id>')
    .description('what led to the answer on a purpose, in order, and what would change it')
    .requiredOption('--purpose <purpose-id>', 'the purpose')
    .option('--scope <scope-id>', 'the account, line, device or contact point, where the person has several')
    .option('--category <kind>', 'with data of this kind')
    .option('--at <time>', 'a moment, past or future, as ISO 8601 with a zone; default now')
    .option('--language <language>', 'of the sentences: en, nl or fr', 'en')
    .action((id: string, options: WhyFlags) =>
      perform((context) => explainSubject(context, readUuid('subject id', id), readWhy(options))),
    );
  program
    .command('decisions')
    .description('single decisions')
    .command('show <decision-id>')
    .description('one decision, and when each system applied it')
    .action((id: string) => perform((context) => showDecision(context, readUuid('decision id', id))));
  program
    .command('systems')
    .description('the systems that honour decisions')
    .command('status')
    .description('how far each system is; what the words mean is in docs/operations.md')
    .option('--check', 'exit 1 unless every system is in step')
    .action(({ check = false }: { check?: boolean }) => perform((context) => showSystems(context, check)));
  program
    .command('conflicts')
    .description('two decisions with one version')
    .command('list')
    .description('decisions of which a system says so')
    .option('--system <id>', 'one system alone')
    .action(({ system }: { system?: string }) =>
      perform((context) => listConflicts(context, system === undefined ? undefined : readSystem(system))),
    );
  const purposes = program.command('purposes').description('the catalogue');
  purposes
    .command('list')
    .description('all purposes')
    .action(() => perform(listPurposes));
  purposes
    .command('show <purpose-id>')
    .description('one purpose with every field')
    .action((id: string) => perform((context) => showPurpose(context, readPurpose(id))));
  purposes
    .command('diff <folder> [newer-folder]')
    .description('what the catalogue in a folder says otherwise than the one in force, or a newer folder than an older')
    .action((folder: string, newer?: string) =>
      perform((context) => diffPurposes(context, newer === undefined ? [folder] : [folder, newer])),
    );
}

interface WhyFlags {
  purpose: string;
  scope?: string;
  category?: string;
  at?: string;
  language: string;
}

const readWhy = ({ purpose, scope, category, at, language }: WhyFlags): WhyAsked => ({
  purpose: readPurpose(purpose),
  ...(scope === undefined ? {} : { scope: readUuid('--scope', scope) }),
  ...(category === undefined ? {} : { category: readCategory(category) }),
  ...(at === undefined ? {} : { at: readMoment(at) }),
  language: readLanguage(language),
});
