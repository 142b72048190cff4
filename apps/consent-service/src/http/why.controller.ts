import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { explain, type Purpose, reachedScopes, type Scope, type SubjectView } from '@consent/consent-rules';
import { readerOn } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type FastifyReply } from 'fastify';
import { type DataSource } from 'typeorm';
import { z } from 'zod';
import { PastCatalogues } from '../catalogue/past-catalogues.js';
import { May } from '../callers/caller-guard.js';
import { readPast } from '../reads/read-past.js';
import { DATA_SOURCE } from '../tokens.js';
import { iso } from './answers/decision-answer.js';
import { whyAnswer } from './answers/why-answer.js';
import { purposeUnknown } from './catalogue.controller.js';
import { languageOf } from './language-of.js';
import { moment, slug, uuid } from './schemas/common.js';

export const whyQuery = z.strictObject({
  purpose: slug,
  scope: uuid.optional(),
  at: moment.optional(),
  language: z.enum(['en', 'nl', 'fr']).optional(),
});

@Controller('v1/subjects/:id/why')
export class WhyController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(PastCatalogues) private readonly catalogues: PastCatalogues,
  ) {}

  /** What led to the answer that /permissions gives, and what would change it. */
  @Get()
  @May('read')
  async why(
    @Param('id', zodPipe(uuid)) id: string,
    @Query(zodPipe(whyQuery)) query: z.infer<typeof whyQuery>,
    @Headers('accept-language') accepted: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const asked = query.at ?? null;
    const { catalogue, knownSince } = await this.catalogues.at(asked);
    const purpose = catalogue.purposes.get(query.purpose);
    if (!purpose) throw purposeUnknown(query.purpose, catalogue);
    const past = await readPast(readerOn(this.dataSource), id, purpose, catalogue, asked);
    const { view, ledger, bundles, sourceOf, factsAt } = past;
    const scope = scopeOf(view, purpose, query.scope);
    const at = asked ?? Date.now();
    const language = query.language ?? languageOf(accepted);
    void reply.header('content-language', language).header('vary', 'accept-language');
    return {
      subjectId: id,
      purposeId: purpose.id,
      title: purpose.title[language],
      scope,
      at: iso(at),
      language,
      catalogueVersion: catalogue.version,
      factsAt: factsAt === null ? null : iso(factsAt),
      knownSince: iso(Math.max(knownSince, past.knownSince ?? 0)),
      ...whyAnswer(
        explain({ view, ledger, bundles, catalogue, purpose, scope, at, sourceOf }),
        language,
        past.positions,
      ),
    };
  }
}

/** The scope asked for, or the only one there is. @throws ProblemError that names those to choose from */
function scopeOf(view: SubjectView, purpose: Purpose, asked: string | undefined): Scope {
  const level = purpose.scopeLevel ?? 'person';
  const scopes = purpose.scopeLevel === null ? [{ id: view.subjectId }] : reachedScopes(view, purpose);
  const [found, other] = asked === undefined ? scopes : scopes.filter(({ id }) => id === asked);
  const known = scopes.length === 0 ? 'none is known' : `known are ${scopes.map(({ id }) => id).join(', ')}`;
  if (found === undefined)
    throw new ProblemError(
      404,
      'scope-unknown',
      'The subject has no such scope',
      `${purpose.id} is decided per ${level}${asked === undefined ? '' : `; query scope: found ${asked}`}; ${known}`,
    );
  if (other !== undefined)
    throw new ProblemError(
      400,
      'scope-needed',
      'The purpose is decided in several scopes',
      `query scope: is missing; ${purpose.id} is decided per ${level}, expected one of those; ${known}`,
    );
  return { level, id: found.id };
}
