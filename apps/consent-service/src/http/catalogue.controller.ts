import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type Catalogue, type Purpose } from '@consent/consent-rules';
import { ProblemError, zodPipe } from '@consent/service-host';
import { OpenToAll } from '../callers/caller-guard.js';
import { CATALOGUE } from '../tokens.js';
import { slug } from './schemas/common.js';

@Controller('v1')
export class CatalogueController {
  constructor(@Inject(CATALOGUE) private readonly catalogue: Catalogue) {}

  @Get('catalogue')
  @OpenToAll()
  all(): object {
    const { version, purposes, systems, notices, bundles, confirmWithin } = this.catalogue;
    return {
      version,
      purposes: [...purposes.values()],
      systems: [...systems.values()],
      notices,
      bundles: [...bundles.values()],
      confirmWithin: Object.fromEntries(confirmWithin ?? []),
    };
  }

  @Get('purposes/:id')
  @OpenToAll()
  one(@Param('id', zodPipe(slug)) id: string): Purpose {
    const purpose = this.catalogue.purposes.get(id);
    if (purpose) return purpose;
    throw purposeUnknown(id, this.catalogue);
  }
}

export const purposeUnknown = (id: string, { version }: Catalogue): ProblemError =>
  new ProblemError(
    404,
    'purpose-unknown',
    'The purpose is not in the catalogue',
    `Catalogue ${version} has no purpose ${id}; GET /v1/catalogue lists them`,
  );
