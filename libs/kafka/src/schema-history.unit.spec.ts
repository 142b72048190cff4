import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConsentDecisionSchema, PropagationAcknowledgementSchema } from '@consent/events';
import avsc from 'avsc';
import { decision } from './spec-decision.js';

const SCHEMAS = path.resolve(import.meta.dirname, '../../../schemas');
const read = (...parts: string[]): object => JSON.parse(readFileSync(path.join(SCHEMAS, ...parts), 'utf8')) as object;
const records = readdirSync(path.join(SCHEMAS, 'history'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

const numbers = (record: string): number[] =>
  readdirSync(path.join(SCHEMAS, 'history', record))
    .map((file) => Number(/^(\d+)\.avsc$/.exec(file)?.[1]))
    .sort((a, b) => a - b);
const versions = (record: string): { number: number; schema: object }[] =>
  numbers(record).map((number) => ({ number, schema: read('history', record, `${number}.avsc`) }));

/** Reads bytes of `writer` as `reader`. @throws when data of the one can never be read as the other */
function readAs(writer: object, reader: object): (bytes: Buffer) => unknown {
  const type = avsc.Type.forSchema(reader as avsc.Schema);
  const resolver = type.createResolver(avsc.Type.forSchema(writer as avsc.Schema));
  return (bytes) => type.fromBuffer(bytes, resolver) as unknown;
}

/** Every pair of different versions, both ways: FULL_TRANSITIVE. Returns what cannot be read. */
function unreadable(all: { number: number; schema: object }[]): string[] {
  const wrong: string[] = [];
  for (const writer of all)
    for (const reader of all)
      try {
        readAs(writer.schema, reader.schema);
      } catch (error) {
        wrong.push(`version ${writer.number} is not readable as version ${reader.number}: ${String(error)}`);
      }
  return wrong;
}

/** A copy of the newest decision schema, changed. */
function changed(change: (fields: { name: string; type: unknown; default?: unknown }[]) => void): object {
  const copy = JSON.parse(JSON.stringify(ConsentDecisionSchema)) as { fields: Parameters<typeof change>[0] };
  change(copy.fields);
  return copy;
}

describe('the schema history', () => {
  it('holds every record of schemas/ and nothing else', () => {
    const current = readdirSync(SCHEMAS).filter((file) => file.endsWith('.avsc'));
    expect(records.sort()).toEqual(current.map((file) => path.basename(file, '.avsc')).sort());
  });

  it.each(records)('numbers the versions of %s from 1 without gaps', (record) => {
    expect(numbers(record)).toEqual(numbers(record).map((_, index) => index + 1));
  });

  it.each(records)('has schemas/%s.avsc as its newest version: a change is a new version, never an edit', (record) => {
    expect(versions(record).at(-1)?.schema).toEqual(read(`${record}.avsc`));
  });

  it.each(records)('reads every version of %s as every other', (record) => {
    expect(unreadable(versions(record))).toEqual([]);
  });

  it('is what this build reads and writes', () => {
    expect(versions('ConsentDecision').at(-1)?.schema).toEqual(ConsentDecisionSchema);
    expect(versions('PropagationAcknowledgement').at(-1)?.schema).toEqual(PropagationAcknowledgementSchema);
  });

  it.each<[string, object]>([
    ['a new field without default', changed((fields) => fields.push({ name: 'jurisdiction', type: 'string' }))],
    ['a required field gone', changed((fields) => fields.splice(0, 1))],
    ['a string made nullable', changed((fields) => (fields[0] = { name: 'decisionId', type: ['null', 'string'] }))],
    ['a long made a string', changed((fields) => (fields[2] = { name: 'version', type: 'string' }))],
  ])('would refuse %s', (_, schema) => {
    const next = [...versions('ConsentDecision'), { number: 2, schema }];
    expect(unreadable(next)).not.toEqual([]);
  });

  it('would admit an optional field and a new status, and reads them both ways', () => {
    const schema = changed((fields) => {
      fields.push({ name: 'jurisdiction', type: ['null', 'string'], default: null });
      (fields.find(({ name }) => name === 'status')?.type as { symbols: string[] }).symbols.push('delegated');
    });
    expect(unreadable([...versions('ConsentDecision'), { number: 2, schema }])).toEqual([]);

    const bytes = avsc.Type.forSchema(schema as avsc.Schema).toBuffer({
      ...decision(),
      status: 'delegated',
      jurisdiction: 'BE',
    });
    const readByOld = readAs(schema, ConsentDecisionSchema)(bytes);
    expect(readByOld).toMatchObject({ status: 'unknown', decisionId: decision().decisionId });
  });
});
