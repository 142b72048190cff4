import { describe, expect, it } from '@jest/globals';
import { type LedgerEntry } from '@consent/consent-rules';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalEntry } from './canonical-entry.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const time = fc.integer({ min: -2_000_000_000_000, max: 9_000_000_000_000_000 });
const entry = fc.record({
  decisionId: fc.uuid(),
  subjectId: fc.uuid(),
  version: fc.nat(),
  scope: fc.record({ level: fc.constantFrom('person', 'line'), id: fc.uuid() }),
  purposeId: text,
  status: fc.constantFrom('given', 'objected'),
  direction: fc.constantFrom('opening', 'closing'),
  permission: fc.record({ allowed: fc.boolean(), reason: text, nextChangeAt: fc.option(time) }),
  effective: fc.boolean(),
  cause: fc.constantFrom('person', 'clock'),
  bundleId: fc.option(fc.uuid()),
  notice: fc.option(fc.record({ id: text, version: text, language: text, contentHash: text })),
  evidence: fc.record({
    channel: text,
    actor: fc.constantFrom('self', 'agent'),
    caller: text,
    origin: fc.option(fc.record({ system: text, eventId: text })),
  }),
  decidedAt: time,
  receivedAt: time,
  catalogueVersion: text,
  brand: fc.option(text),
  systems: fc.array(fc.record({ systemId: text, applyBy: time })),
  endedCategories: fc.array(fc.record({ category: text, endedAt: time })),
  attributes: fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z0-9]{0,9}$/), text),
});

describe('canonicalEntry', () => {
  it('is RFC 8785 canonical JSON of the whole entry, as an implementation for any JSON writes it', () => {
    fc.assert(
      fc.property(entry, (generated) => {
        const { endedCategories, ...others } = generated;
        const sealed = endedCategories.length > 0 ? generated : others;
        expect(canonicalEntry(generated as LedgerEntry)).toBe(canonicalize(sealed));
      }),
      { numRuns: 2_000 },
    );
  });
});
