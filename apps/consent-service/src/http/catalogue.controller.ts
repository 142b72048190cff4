import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type Catalogue, type Purpose } from '@consent/consent-rules';
import { readerOn } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { May, OpenToAll } from '../callers/caller-guard.js';
import { type NoticeText, readNotice } from '../catalogue/read-notice.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { contentHash, slug } from './schemas/common.js';

@Controller('v1')
export class CatalogueController {
  constructor(
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

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

  /** What somebody saw who decided under a notice, in force or not any more. */
  @Get('notices/:contentHash')
  @May('read')
  async notice(@Param('contentHash', zodPipe(contentHash)) hash: string): Promise<NoticeText> {
    const found = await readNotice(readerOn(this.dataSource), hash);
    if (found) return found;
    throw new ProblemError(
      404,
      'notice-text-unknown',
      'No notice ever had this text',
      `No version of the catalogue that has been in force has a notice whose text has the SHA-256 ${hash}`,
    );
  }
}

export const purposeUnknown = (id: string, { version }: Catalogue): ProblemError =>
  new ProblemError(
    404,
    'purpose-unknown',
    'The purpose is not in the catalogue',
    `Catalogue ${version} has no purpose ${id}; GET /v1/catalogue lists them`,
  );
