import { type Command } from 'commander';
import { readPurpose, readUuid } from '../arguments.js';
import { showDecision } from '../commands/decisions-show.js';
import { listPurposes } from '../commands/purposes-list.js';
import { showPurpose } from '../commands/purposes-show.js';
import { showSubject } from '../commands/subject-show.js';
import { showSystems } from '../commands/systems-status.js';
import { type Perform } from './perform.js';

/** Commands that only look: `subject`, `decisions`, `systems`, `purposes`. */
export function declareShow(program: Command, perform: Perform): void {
  program
    .command('subject')
    .description('a person, by random id')
    .command('show <subject-id>')
    .description("every decision, every system's answer")
    .action((id: string) => perform((context) => showSubject(context, readUuid('subject id', id))));
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
  const purposes = program.command('purposes').description('the catalogue');
  purposes
    .command('list')
    .description('all purposes')
    .action(() => perform(listPurposes));
  purposes
    .command('show <purpose-id>')
    .description('one purpose with every field')
    .action((id: string) => perform((context) => showPurpose(context, readPurpose(id))));
}
