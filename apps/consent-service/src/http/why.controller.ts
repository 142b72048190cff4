import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import {
  type Catalogue,
  explain,
  type Purpose,
  reachedScopes,
  type Scope,
  seenFrom,
  type SubjectView,
} from '@consent/consent-rules';
import { readerOn } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type FastifyReply } from 'fastify';
import { type DataSource } from 'typeorm';
import { z } from 'zod';
import { gonePurposes } from '../catalogue/gone-purposes.js';
import { PastCatalogues } from '../catalogue/past-catalogues.js';
import { May } from '../callers/caller-guard.js';
import { readPast } from '../reads/read-past.js';
import { DATA_SOURCE } from '../tokens.js';
import { iso } from './answers/decision-answer.js';
import { whyAnswer } from './answers/why-answer.js';
import { purposeUnknown } from './catalogue.controller.js';
import { expectCategory } from './expect-category.js';
import { languageOf } from './language-of.js';
import { judgedIn, scopeAsked } from './scope-asked.js';
import { dataCategory, moment, slug, uuid } from './schemas/common.js';

export const whyQuery = z.strictObject({
  purpose: slug,
  scope: uuid.optional(),
  category: dataCategory.optional(),
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
    if (!purpose) throw await this.#unknown(query.purpose, catalogue, asked);
    const { category } = query;
    if (category !== undefined) expectCategory(catalogue, category);
    const past = await readPast(readerOn(this.dataSource), id, purpose, catalogue, asked, category !== undefined);
    const { ledger, bundles, sourceOf, factsAt, knownAs } = past;
    const from = query.scope === undefined ? null : scopeAsked(past.view, query.scope);
    const view = from === null ? past.view : seenFrom(past.view, from);
    if (from !== null) judgedIn(from, [purpose], { view, catalogue, purpose: [purpose.id], category });
    const scope = scopeIn(view, purpose);
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
        explain({ view, ledger, bundles, catalogue, purpose, scope, at, category, sourceOf, knownAs }),
        language,
        past.positions,
      ),
    };
  }

  /** Of a purpose that has left the catalogue it says where what was decided about it is still told. */
  async #unknown(id: string, catalogue: Catalogue, at: number | null): Promise<ProblemError> {
    const gone = (await gonePurposes(readerOn(this.dataSource), catalogue, at)).get(id);
    if (gone === undefined) return purposeUnknown(id, catalogue);
    return new ProblemError(
      404,
      'purpose-unknown',
      'The purpose is not in the catalogue any more',
      `${id} left the catalogue at ${iso(gone.goneAt)}, and nothing is allowed under it; expected a moment before that (at); the history of decisions tells what was said about it`,
    );
  }
}

/** The only scope of the purpose's level. @throws ProblemError that names those to choose from */
function scopeIn(view: SubjectView, purpose: Purpose): Scope {
  const level = purpose.scopeLevel ?? 'person';
  const scopes = purpose.scopeLevel === null ? [{ id: view.subjectId }] : reachedScopes(view, purpose);
  const [found, other] = scopes;
  if (found === undefined)
    throw new ProblemError(
      404,
      'scope-unknown',
      'The subject has no such scope',
      `${purpose.id} is decided per ${level}; none is known`,
    );
  if (other !== undefined)
    throw new ProblemError(
      400,
      'scope-needed',
      'The purpose is decided in several scopes',
      `query scope: expected one ${level}, in which ${purpose.id} is decided; known are ${scopes.map(({ id }) => id).join(', ')}`,
    );
  return { level, id: found.id };
}
