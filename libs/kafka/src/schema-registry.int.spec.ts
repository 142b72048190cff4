import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  acknowledgementFormat,
  ConsentDecisionSchema,
  decisionFormat,
  PropagationAcknowledgementSchema,
  topics,
  UndecodableError,
  WireFormat,
} from '@consent/events';
import { required } from '@consent/testing';
import { RecordReader } from './record-reader.js';
import { registerSchemas, registrySubjectOf } from './register-schemas.js';
import { SchemaRegistry } from './schema-registry.js';
import { decision } from './spec-decision.js';

const url = required('SCHEMA_REGISTRY_URL');
const newRegistry = (): SchemaRegistry => new SchemaRegistry({ url });
/** Another environment for each test. */
const newTopics = () => topics(`${randomUUID().slice(0, 8)}.`);

/** The decision schema with one change. */
function changed(change: (fields: { name: string; type: unknown; default?: unknown }[]) => void): object {
  const copy = JSON.parse(JSON.stringify(ConsentDecisionSchema)) as { fields: Parameters<typeof change>[0] };
  change(copy.fields);
  return copy;
}

describe('the schema registry', () => {
  it('gives the same ids when the deploy job runs again, and services find them without registering', async () => {
    const names = newTopics();
    const ids = await registerSchemas(newRegistry(), names);
    expect(Object.keys(ids)).toHaveLength(7);
    expect(await registerSchemas(newRegistry(), names)).toEqual(ids);
    const found = await newRegistry().idOf(registrySubjectOf(names.decisions), ConsentDecisionSchema);
    expect(found).toBe(ids[registrySubjectOf(names.decisions)]);
  });

  it('registers nothing on a look-up, and says to run the deploy job', async () => {
    const registrySubject = registrySubjectOf(newTopics().decisions);
    const lookUp = (): Promise<number> => newRegistry().idOf(registrySubject, ConsentDecisionSchema);
    await expect(lookUp()).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/run the deploy job/) as unknown,
    });
    await expect(lookUp()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each<[string, object]>([
    ['a field without default', changed((fields) => fields.push({ name: 'jurisdiction', type: 'string' }))],
    ['a field gone', changed((fields) => fields.splice(0, 1))],
    ['a string made nullable', changed((fields) => (fields[0] = { name: 'decisionId', type: ['null', 'string'] }))],
  ])('refuses %s with 409', async (_, schema) => {
    const names = newTopics();
    const registry = newRegistry();
    await registerSchemas(registry, names);
    const refused = registry.register(registrySubjectOf(names.decisions), schema);
    await expect(refused).rejects.toMatchObject({
      code: 'INCOMPATIBLE',
      retriable: false,
      message: expect.stringMatching(/ 409/) as unknown,
    });
  });

  it('lets several deploy jobs register at once', async () => {
    const names = newTopics();
    const jobs = await Promise.all(Array.from({ length: 4 }, () => registerSchemas(newRegistry(), names)));
    expect(new Set(jobs.map((ids) => JSON.stringify(ids))).size).toBe(1);
  });

  it('admits an optional field, and readers of this build decode what is written with it', async () => {
    const names = newTopics();
    const registry = newRegistry();
    await registerSchemas(registry, names);
    const next = changed((fields) => fields.push({ name: 'jurisdiction', type: ['null', 'string'], default: null }));
    const id = await registry.register(registrySubjectOf(names.decisions), next);
    expect(await registry.schemaById(id)).toEqual(next);
    const bytes = new WireFormat<object>(next).encode(id, { ...decision(), jurisdiction: 'LU' });
    expect(await new RecordReader(decisionFormat(), newRegistry()).decode(bytes)).toMatchObject({ version: 7 });
  });

  it('gives acknowledgements an id of their own, whose bytes are no decision', async () => {
    const names = newTopics();
    const registry = newRegistry();
    await registerSchemas(registry, names);
    const subject = registrySubjectOf(names.acknowledgements('directory-listing'));
    const id = await registry.idOf(subject, PropagationAcknowledgementSchema);
    const bytes = acknowledgementFormat().encode(id, {
      decisionId: 'd',
      subjectId: 's',
      version: 1,
      scopeId: 's',
      purposeId: 'p',
      systemId: 'directory-listing',
      outcome: 'applied',
      reason: null,
      appliedAt: 1,
      effects: [],
      replayId: null,
      source: { topic: 't', partition: 0, offset: 0 },
      build: 'spec',
      parkedRecords: null,
    });
    await expect(new RecordReader(decisionFormat(), registry).decode(bytes)).rejects.toThrow(UndecodableError);
  });

  it('calls a record with an id nobody registered undecodable, which no retry mends, and says that the registry does not know it', async () => {
    const bytes = decisionFormat().encode(2_000_000_000, decision());
    const reader = new RecordReader(decisionFormat(), newRegistry());
    await expect(reader.decode(bytes)).rejects.toThrow(UndecodableError);
    await reader.prepare([bytes, null, Buffer.from('junk')]);
    expect(() => reader.decodeNow(bytes)).toThrow(UndecodableError);
    expect(() => reader.decodeNow(bytes)).toThrow(
      /^The schema registry does not know schema 2000000000, expected one of /,
    );
  });

  it('calls a registry that is away retriable, and asks it again afterwards', async () => {
    const away = new SchemaRegistry({ url: 'http://127.0.0.1:1/apis/ccompat/v7' });
    await expect(away.schemaById(1)).rejects.toMatchObject({ code: 'UNREACHABLE', retriable: true });
    expect(await away.reachable()).toBe(false);
    expect(await newRegistry().reachable()).toBe(true);
  });

  it('shows no user and no password of its address', async () => {
    const away = new SchemaRegistry({ url: 'http://user:hush@127.0.0.1:1/apis/ccompat/v7' });
    await expect(away.schemaById(1)).rejects.toMatchObject({
      message: 'No answer from the schema registry: GET http://127.0.0.1:1/apis/ccompat/v7/schemas/ids/1',
    });
  });
});
