import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision, ConsentDecisionSchema } from './wire.generated.js';
import { decisionFormat, UndecodableError, WireFormat } from './wire-format.js';

const decision: ConsentDecision = {
  decisionId: '0b7e5f4e-1111-4222-8333-444455556666',
  subjectId: '1b7e5f4e-1111-4222-8333-444455556666',
  version: 7,
  scope: { level: 'line', id: '2b7e5f4e-1111-4222-8333-444455556666' },
  purposeId: 'directory-contact-listing',
  status: 'withdrawn',
  direction: 'closing',
  permission: { allowed: false, reason: 'withdrawn', nextChangeAt: null },
  effective: true,
  cause: 'person',
  bundleId: null,
  notice: { id: 'directory', version: '3', language: 'nl-BE', contentHash: 'ab'.repeat(32) },
  evidence: { channel: 'myproximus-web', actor: 'self', caller: 'portal', origin: null },
  decidedAt: 1_790_000_000_000,
  receivedAt: 1_790_000_000_100,
  committedAt: 1_790_000_000_120,
  catalogueVersion: '2026-11-24.000000000000',
  brand: 'proximus',
  systems: [{ systemId: 'directory-listing', applyBy: 1_790_000_030_120 }],
  attributes: {},
  endedCategories: [],
};

describe('WireFormat', () => {
  it('carries a decision through unchanged, behind magic byte 0 and the schema id', () => {
    const format = decisionFormat();
    format.learn(42, ConsentDecisionSchema);
    const bytes = format.encode(42, decision);
    expect([...bytes.subarray(0, 5)]).toEqual([0, 0, 0, 0, 42]);
    expect(JSON.parse(JSON.stringify(format.decode(bytes)))).toEqual(decision);
  });

  it('names field and value of what does not fit the schema', () => {
    const wrong = { ...decision, version: 'seven' } as unknown as ConsentDecision;
    expect(() => decisionFormat().encode(1, wrong)).toThrow(/ConsentDecision: version is "seven"/);
  });

  it.each([
    ['no value', null],
    ['too few bytes', Buffer.from([0, 0])],
    ['another magic byte', Buffer.from([1, 0, 0, 0, 1, 9, 9])],
  ])('calls %s undecodable', (_, bytes) => {
    expect(() => decisionFormat().schemaIdOf(bytes)).toThrow(UndecodableError);
  });

  it('calls cut or trailing bytes undecodable, never returns wrong data', () => {
    const format = decisionFormat();
    format.learn(1, ConsentDecisionSchema);
    const bytes = format.encode(1, decision);
    expect(() => format.decode(bytes.subarray(0, bytes.length - 3))).toThrow(UndecodableError);
    expect(() => format.decode(Buffer.concat([bytes, Buffer.from([1])]))).toThrow(UndecodableError);
  });

  it('reads what a newer writer adds: an unknown status becomes unknown, an unknown field is passed over', () => {
    const newer = JSON.parse(JSON.stringify(ConsentDecisionSchema)) as {
      fields: { name: string; type: unknown; default?: unknown }[];
    };
    const status = newer.fields.find((f) => f.name === 'status')?.type as { symbols: string[] };
    status.symbols.push('delegated');
    newer.fields.push({ name: 'jurisdiction', type: 'string', default: 'BE' });
    const writer = new WireFormat<object>(newer);
    const reader = decisionFormat();
    reader.learn(2, newer);
    const read = reader.decode(writer.encode(2, { ...decision, status: 'delegated', jurisdiction: 'LU' }));
    expect(read.status).toBe('unknown');
    expect(read).not.toHaveProperty('jurisdiction');
  });

  it('refuses a writer schema that cannot be read as this record', () => {
    const other = { type: 'record', name: 'ConsentDecision', namespace: 'consent', fields: [] };
    expect(() => decisionFormat().learn(3, other)).toThrow(UndecodableError);
  });
});
