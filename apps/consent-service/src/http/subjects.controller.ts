import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { type Catalogue, type Purpose, seenFrom } from '@consent/consent-rules';
import { readerOn } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { z } from 'zod';
import { catalogueNow } from '../catalogue/catalogue-now.js';
import { May } from '../callers/caller-guard.js';
import { permissionsOf, withCategory, withContact } from '../reads/permissions-of.js';
import { readHistory } from '../reads/read-history.js';
import { type KnownSubject } from '../reads/read-subject.js';
import { SubjectReads } from '../reads/subject-reads.js';
import { withPrerequisites } from '../reads/with-prerequisites.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { decisionRecord, permissionAnswer } from './answers/decision-answer.js';
import { subjectAnswer } from './answers/subject-answer.js';
import { expectCategory } from './expect-category.js';
import { judgedIn, scopeAsked } from './scope-asked.js';
import { dataCategory, historyQuery, slug, uuid } from './schemas/common.js';

const purposeIds = z.union([slug.transform((id) => [id]), z.array(slug).min(1).max(100)]);
export const permissionsQuery = z
  .strictObject({
    purpose: purposeIds.optional(),
    scope: uuid.optional(),
    contactPoint: uuid.optional(),
    channel: slug.optional(),
    category: dataCategory.optional(),
  })
  .refine(({ contactPoint, channel }) => (contactPoint === undefined) === (channel === undefined), {
    message: 'contactPoint and channel together: a number can be called and sent messages',
    path: ['channel'],
  });

@Controller('v1/subjects')
export class SubjectsController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(SubjectReads) private readonly reads: SubjectReads,
  ) {}

  /** Facts, scopes and the present state of all triples. */
  @Get(':id')
  @May('read')
  async state(@Param('id', zodPipe(uuid)) id: string): Promise<object> {
    return subjectAnswer(id, await this.#known(id));
  }

  /** Decisions, oldest first. */
  @Get(':id/decisions')
  @May('read')
  async history(
    @Param('id', zodPipe(uuid)) id: string,
    @Query(zodPipe(historyQuery)) { after, limit: most }: z.infer<typeof historyQuery>,
  ): Promise<object[]> {
    await this.#known(id);
    const found = await readHistory(readerOn(this.dataSource), id, after, most);
    return found.map(({ decision, position }) => decisionRecord(decision, position));
  }

  /** "May I?", with reasons. A subject that is not known has the permissions of one of whom nothing is known. */
  @Get(':id/permissions')
  @May('read')
  async permissions(
    @Param('id', zodPipe(uuid)) id: string,
    @Query(zodPipe(permissionsQuery)) query: z.infer<typeof permissionsQuery>,
  ): Promise<object[]> {
    const catalogue = catalogueNow(this.catalogue);
    if (query.category !== undefined) expectCategory(catalogue, query.category);
    const channel = query.channel === undefined ? null : channelOf(catalogue, query.channel);
    const needed = query.purpose
      ? withPrerequisites([...query.purpose, ...(channel ? [channel.id] : [])], catalogue, {
          gates: query.category !== undefined,
        })
      : null;
    const known = await this.reads.one(id, needed);
    const whole = known?.view ?? { subjectId: id, facts: null, scopes: [], states: [] };
    const scope = query.scope === undefined ? null : scopeAsked(whole, query.scope);
    const view = scope === null ? whole : seenFrom(whole, scope);
    const all = query.purpose
      ? query.purpose.map((one) => catalogue.purposes.get(one) ?? ({ id: one, unknown: true } as const))
      : [...catalogue.purposes.values()];
    const purposes = scope === null ? all : judgedIn(scope, all, { ...query, view, catalogue });
    const now = Date.now();
    const { contactPoint: contactPointId, category } = query;
    let answers = permissionsOf(view, purposes, catalogue, now);
    if (channel && contactPointId) answers = withContact(answers, { contactPointId, channel }, whole, catalogue, now);
    if (category) answers = withCategory(answers, category, view, catalogue, now);
    return answers.map(({ purposeId, scope, permission }) => ({
      purposeId,
      scope,
      ...permissionAnswer(permission),
      sentence: permission.sentence,
    }));
  }

  async #known(id: string): Promise<KnownSubject> {
    const known = await this.reads.one(id);
    if (known) return known;
    throw new ProblemError(
      404,
      'subject-unknown',
      'The subject is not known',
      `No decision, no facts and no scope of subject ${id}`,
    );
  }
}

/** @throws ProblemError 422 for what is no contact channel, naming those there are */
function channelOf(catalogue: Catalogue, id: string): Purpose {
  const channel = catalogue.purposes.get(id);
  if (channel?.scopeLevel === 'contact_point') return channel;
  const known = [...catalogue.purposes.values()].filter(({ scopeLevel }) => scopeLevel === 'contact_point');
  throw new ProblemError(
    422,
    'channel-unknown',
    'This is no contact channel',
    `Found channel ${id}; expected one of ${known.map((purpose) => purpose.id).join(', ')}`,
  );
}
