import { printedWhy, type PrintedWhy } from '@consent/consent-rules';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type Why, type WhyAsked, whyOf } from '../http/consent-service.js';
import { type Report } from '../output/report.js';

/**
 * Why a purpose may, or may not, be pursued for a person: what led to it, in order, and what would change it; all of it in
 * the language asked for, but for ids, codes and times.
 */
export async function explainSubject({ servers }: Context, subjectId: string, asked: WhyAsked): Promise<Report> {
  const why = await whyOf(servers.consent, subjectId, asked);
  const print = printedWhy(why.language);
  const { scope, factsAt, knownSince, wouldChange } = why;
  const where = scope.level === 'person' ? '' : `, ${print.scope(scope.level)} ${scope.id}`;
  const text = [
    `${print.answer(`${why.title} (${why.purposeId})${where}`, why.allowed)} [${why.reason}]`,
    why.sentence,
    factsAt === null ? print.noFacts : print.factsAt(factsAt),
    ...(Date.parse(why.at) < Date.parse(knownSince) ? [print.knownSince(knownSince)] : []),
    '',
    ...why.steps.flatMap((step, i) => [
      `${i + 1}. ${step.sentence}${sourceOf(step, why, print)}`,
      ...(step.facts ?? []).map(({ sentence }) => `   ${sentence}`),
    ]),
    '',
    ...(wouldChange.length === 0 ? [print.nothingChanges] : [print.wouldChange]),
    ...wouldChange.map(({ sentence }) => `- ${sentence}`),
  ];
  return { json: why, text: text.join('\n'), exitCode: EXIT.ok };
}

function sourceOf(
  { section, rule, decisions, decision }: Why['steps'][number],
  { catalogueVersion }: Why,
  print: PrintedWhy,
): string {
  if (section) return ` [${print.section(section)}, ${print.catalogue(catalogueVersion)}]`;
  if (rule) return ` [${[rule, ...(decisions ?? [])].join(', ')}]`;
  if (!decision) return decisions?.length ? ` [${decisions.join(', ')}]` : '';
  const { decisionId, position, caller, actor } = decision;
  const source = [
    print.decision(decisionId),
    print.position(position),
    `${caller} (${print.actor(actor)})`,
    print.catalogue(decision.catalogueVersion),
  ];
  return ` [${source.join(', ')}]`;
}
