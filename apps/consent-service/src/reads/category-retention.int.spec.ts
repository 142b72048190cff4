import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogueFiles } from '../catalogue/catalogue-files.js';
import { specClocks, type SpecClocks } from '../clocks/spec-clocks.js';
import { someFacts } from '../spec-app.js';

/** Open by default until five years after the contract; here with kinds of data that come to their end before it does. */
const PURPOSE = 'customer-newsletter';
const CLOCKS = `
  retention:
    - { categories: ['collected:personal-characteristics'], appliesTo: letters, period: P1Y, starts: contract-end, until: null }
    - { categories: ['collected:identification-contact'], appliesTo: answers, period: P3Y, starts: contract-end, until: null }`;
const FILES = catalogueFiles(fileURLToPath(new URL('../../../../catalogue/', import.meta.url))).map(
  ({ name, text }) => ({
    name,
    text: text.replace(new RegExp(`(- id: ${PURPOSE}\\n[^]*?)\\n  retention:`), (_, before: string) => before + CLOCKS),
  }),
);
const [ENDED, KEPT] = ['collected:personal-characteristics', 'collected:identification-contact'];
const contractEnd = '2024-03-01T00:00:00Z';

interface Answer {
  allowed: boolean;
  reason: string;
  nextChangeAt: string | null;
  dataSince?: string;
}
interface Why extends Answer {
  steps: { kind: string; category?: string; outcome?: string; decisions?: string[]; sentence: string }[];
  wouldChange: { changes: { kind: string; to?: string }[] }[];
}

describe('data of a kind whose retention under a purpose has ended (C11)', () => {
  let clocks: SpecClocks;
  beforeAll(async () => {
    clocks = await specClocks(FILES);
  }, 30_000);
  afterAll(() => clocks.close());

  /** A customer, whose contract ends. */
  const formerCustomer = async (): Promise<string> => {
    const id = await clocks.subject();
    const body = someFacts({ roles: ['ex-customer'], contractEnd });
    await clocks.app.call('PUT', `/v1/subjects/${id}/facts`, { body });
    return id;
  };
  /** Both doors, which must say the same. */
  const ask = async (id: string, category: string): Promise<Why> => {
    const query = `purpose=${PURPOSE}&category=${category}`;
    const may = await clocks.app.call<Answer[]>('GET', `/v1/subjects/${id}/permissions?${query}`);
    const why = await clocks.app.call<Why>('GET', `/v1/subjects/${id}/why?${query}`);
    const said = ({ allowed, reason, nextChangeAt, dataSince }: Answer) => [allowed, reason, nextChangeAt, dataSince];
    expect(may.body.map(said)).toEqual([said(why.body)]);
    return why.body;
  };

  it('may not be used for it, says may I and says why, and other data still may, until their own end', async () => {
    const id = await formerCustomer();
    for (const isNoted of [false, true]) {
      if (isNoted) await clocks.run(Date.now());
      const ended = await ask(id, ENDED);
      expect(ended).toMatchObject({ allowed: false, reason: 'category_ended', nextChangeAt: null });
      expect(ended.steps.at(-1)).toMatchObject({
        kind: 'category',
        category: ENDED,
        outcome: 'closes',
        decisions: ['C11'],
        sentence: expect.stringContaining('1 March 2025') as unknown,
      });
      expect(await ask(id, KEPT)).toMatchObject({ allowed: true, nextChangeAt: '2027-03-01T00:00:00.000Z' });
    }
    expect(await clocks.told(id)).not.toEqual([]);
  });

  it('may be used again as far as another contract brought newer ones, and the answer says from when on', async () => {
    const id = await formerCustomer();
    await clocks.run(Date.now());
    expect((await ask(id, ENDED)).wouldChange.flatMap(({ changes }) => changes)).toContainEqual({
      kind: 'contract',
      to: 'begins',
    });
    const body = someFacts({ contractStart: '2026-11-01T00:00:00Z', contractEnd });
    await clocks.app.call('PUT', `/v1/subjects/${id}/facts`, { body });
    expect(await ask(id, ENDED)).toMatchObject({ allowed: true, dataSince: '2025-03-01T00:00:00.000Z' });
    expect((await ask(id, KEPT)).dataSince).toBeUndefined();
  });

  it('and under a contract that runs no item is used beyond the limit counted from its collection', async () => {
    const account = { level: 'account', id: randomUUID() };
    const id = await clocks.subject({ contractStart: '2018-01-15T00:00:00Z', scopes: [account] });
    const purposeId = 'pickx-personalised-tv-ads';
    await clocks.decide(id, { scope: account, purposeId, decidedAt: '2019-05-02T10:00:00Z' });
    const query = `purpose=${purposeId}&category=observed:tv-viewing-data`;
    const may = await clocks.app.call<Answer[]>('GET', `/v1/subjects/${id}/permissions?${query}`);
    const why = await clocks.app.call<Why>('GET', `/v1/subjects/${id}/why?${query}`);
    const yearAgo = new Date();
    yearAgo.setFullYear(yearAgo.getFullYear() - 1);
    for (const answer of [may.body[0], why.body]) {
      expect(answer).toMatchObject({ allowed: true, nextChangeAt: null });
      // Leap days and daylight saving may shift the same date a year ago.
      expect(Math.abs(Date.parse(answer?.dataSince ?? '') - yearAgo.getTime())).toBeLessThan(26 * 3_600_000);
    }
    expect(why.body.steps.at(-1)).toMatchObject({ kind: 'category', outcome: 'limits', decisions: ['C11'] });
  });

  it('and data that a gate bars are told of by why as by may I, with what would open them (C76)', async () => {
    const id = await clocks.subject();
    const query = 'purpose=customer-base-segmentation&category=derived:traffic-interests';
    const may = await clocks.app.call<Answer[]>('GET', `/v1/subjects/${id}/permissions?${query}`);
    const { body } = await clocks.app.call<Why>('GET', `/v1/subjects/${id}/why?${query}`);
    expect(may.body).toMatchObject([{ allowed: false, reason: 'category_barred' }]);
    expect(body).toMatchObject({ allowed: false, reason: 'category_barred' });
    expect(body.steps.at(-1)).toMatchObject({ kind: 'category', outcome: 'closes', decisions: ['C76'] });
    expect(body.wouldChange.flatMap(({ changes }) => changes)).toContainEqual(
      expect.objectContaining({ kind: 'decision', purposeId: 'tailored-offers-web-app-usage', status: 'given' }),
    );
  });
});
