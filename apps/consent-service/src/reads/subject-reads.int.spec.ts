import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';
import { LOOKUPS } from '../tokens.js';
import { SubjectReads } from './subject-reads.js';

describe('questions about subjects', () => {
  let app: SpecApp;
  const people: string[] = [];
  beforeAll(async () => {
    app = await specApp();
    for (let i = 0; i < 3; i++) {
      const subjectId = randomUUID();
      people.push(subjectId);
      await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts() });
      for (const purposeId of ['prospect-newsletter', 'prospect-direct-marketing'])
        await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, purposeId }) });
    }
  }, 30_000);
  afterAll(() => app.close());

  const lookups = () => app.host.app.get<DataSource>(LOOKUPS, { strict: false });
  const reads = (): SubjectReads => app.host.app.get(SubjectReads, { strict: false });

  it('that come at once are each answered about their own subject, with the states they need', async () => {
    const newsletter = new Set(['prospect-newsletter']);
    const [first = '', second = '', third = ''] = people;
    const stranger = randomUUID();
    const answers = await Promise.all([
      reads().one(first, newsletter),
      reads().one(stranger, newsletter),
      reads().one(second),
      reads().one(third, new Set(['prospect-direct-marketing'])),
      reads().one(first),
    ]);
    expect(answers.map((known) => known?.view.subjectId ?? null)).toEqual([first, null, second, third, first]);
    expect(answers[4]?.view.states.slice(-2).map(({ purposeId }) => purposeId)).toEqual([
      'prospect-newsletter',
      'prospect-direct-marketing',
    ]);
    const alone = await reads().one(first, newsletter);
    expect(alone?.view.states.map(({ purposeId }) => purposeId)).toEqual(['prospect-newsletter']);
  });

  it('are many in one moment and all answered', async () => {
    const asked = Array.from({ length: 333 }, (_, i) => people[i % people.length] ?? '');
    const answers = await Promise.all([...asked, ...asked.map(() => randomUUID())].map((id) => reads().one(id)));
    expect(answers.slice(0, 333).map((known) => known?.view.subjectId)).toEqual(asked);
    expect(answers.slice(333).every((known) => known === null)).toBe(true);
  });

  it('see what was recorded before they were asked', async () => {
    const [subjectId = ''] = people;
    for (const status of ['withdrawn', 'given', 'withdrawn']) {
      await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, status }) });
      expect((await reads().one(subjectId))?.view.states).toContainEqual(
        expect.objectContaining({ state: expect.objectContaining({ status }) as unknown }),
      );
    }
  });

  it('are planned once a connection', async () => {
    for (let i = 0; i < 20; i++) await reads().one(people[i % people.length] ?? '');
    const plans = await lookups().query<{ planned: string; kept: string }[]>(
      `SELECT custom_plans AS planned, generic_plans AS kept FROM pg_prepared_statements WHERE name = 'read-known-subjects'`,
    );
    expect(plans).toEqual([{ planned: '0', kept: expect.stringMatching(/^[1-9]/) as unknown }]);
  });

  it('share few statements when they keep coming', async () => {
    const { master } = lookups().driver as unknown as { master: { query: (...args: unknown[]) => Promise<unknown> } };
    const { query } = master;
    let statements = 0;
    master.query = (...args) => {
      statements++;
      return query.apply(master, args);
    };
    const begun = performance.now();
    const answers: Promise<unknown>[] = [];
    for (let i = 0; i < 500; i++) {
      answers.push(reads().one(people[i % people.length] ?? ''));
      await new Promise(setImmediate);
    }
    await Promise.all(answers);
    master.query = query;
    // Every 2 ms; a timer of a busy loop may be early by half of that.
    expect(statements).toBeLessThanOrEqual(2 + (performance.now() - begun));
    expect(statements).toBeGreaterThan(0);
  });

  it('all fail when the database does, and the next one is asked anew', async () => {
    const driver = lookups().driver as unknown as { master: { query: unknown } };
    const { query } = driver.master;
    driver.master.query = () => Promise.reject(new Error('away'));
    const failed = await Promise.allSettled(people.map((id) => reads().one(id)));
    driver.master.query = query;
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await reads().one(people[0] ?? '')).not.toBeNull();
  });
});
