import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type DecideCommand, parseCatalogue, type Scope } from '@consent/consent-rules';
import { catalogueFiles } from '../catalogue/catalogue-files.js';
import { type OwnedScope } from '../subjects/scopes.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { decideBatch, type Known } from './decide-batch.js';

const catalogue = parseCatalogue(catalogueFiles(fileURLToPath(new URL('../../../../catalogue/', import.meta.url))));
const SUBJECT = '3f1c9a52-64a1-4c0e-8f51-0d5c7c9b2a10';
const NOW = Date.parse('2026-05-04T10:00:00Z');

const withdrawalOf = (scope: Scope): DecideCommand => ({
  subjectId: SUBJECT,
  scope,
  purposeId: 'third-party-advertising-cookies',
  status: 'withdrawn',
  decidedAt: NOW,
  cause: 'person',
  bundleId: null,
  notice: null,
  evidence: { channel: 'web', actor: 'self', caller: 'web', origin: null },
  brand: 'proximus',
  attributes: {},
});

describe('deciding a batch', () => {
  it('gives others their turn while a thousand lines about new devices of one person, who has three thousand, are decided', async () => {
    const devices = (from: number, count: number): Scope[] =>
      Array.from({ length: count }, (_, i) => ({ level: 'device', id: `device-${from + i}` }));
    const held = devices(0, 3_000);
    const subject = new SubjectDraft(
      SUBJECT,
      0,
      { brand: 'proximus', roles: ['customer'], minor: false, contractStart: NOW },
      [...held],
      [],
    );
    const known: Known = {
      subjects: new Map([[SUBJECT, subject]]),
      scopes: new Map(held.map((scope): [string, OwnedScope] => [scope.id, { ...scope, subjectId: SUBJECT }])),
      echoes: new Map(),
      objections: new Map(),
      bundleClosings: new Map(),
    };
    let turns = 0;
    const others = setInterval(() => turns++, 0);
    const commands = devices(3_000, 1_000).map(withdrawalOf);
    const { outcomes, claims } = await decideBatch(commands, known, {
      catalogue,
      now: NOW,
      newDecisionId: () => 'decision',
    });
    clearInterval(others);
    expect(outcomes.filter(({ kind }) => kind !== 'recorded')).toEqual([]);
    expect(claims).toHaveLength(1_000);
    expect(turns).toBeGreaterThan(2);
  });
});
