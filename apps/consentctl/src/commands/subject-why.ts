import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type Why, type WhyAsked, whyOf } from '../http/consent-service.js';
import { type Report } from '../output/report.js';
import { yesNo } from '../output/words.js';

/** Why a purpose may, or may not, be pursued for a person: what led to it, in order, and what would change it. */
export async function explainSubject({ servers }: Context, subjectId: string, asked: WhyAsked): Promise<Report> {
  const why = await whyOf(servers.consent, subjectId, asked);
  const { scope } = why;
  const where = scope.level === 'person' ? '' : `, ${scope.level} ${scope.id}`;
  const text = [
    `${why.title} (${why.purposeId})${where}: ${yesNo(why.allowed)}, ${why.reason}`,
    why.sentence,
    why.factsAt === null ? 'No facts were registered by then.' : `Under the facts registered on ${why.factsAt}.`,
    '',
    ...why.steps.map((step, i) => `${i + 1}. ${step.sentence}${sourceOf(step, why)}`),
    '',
    ...(why.wouldChange.length === 0 ? ['Nothing that can happen would change it.'] : ['It would change with']),
    ...why.wouldChange.map(({ sentence }) => `- ${sentence}`),
  ];
  return { json: why, text: text.join('\n'), exitCode: EXIT.ok };
}

function sourceOf({ section, rule, decisions, decision }: Why['steps'][number], { catalogueVersion }: Why): string {
  if (section) return ` [section ${section}, catalogue ${catalogueVersion}]`;
  if (rule) return ` [${[rule, ...(decisions ?? [])].join(', ')}]`;
  return decision ? ` [decision ${decision.decisionId}, catalogue ${decision.catalogueVersion}]` : '';
}
