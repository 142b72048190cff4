import { randomUUID } from 'node:crypto';
import { expect, it, jest } from '@jest/globals';
import { type CatalogueFile } from '@consent/consent-rules';
import { aDecision, someFacts, specApp } from '../spec-app.js';
import { type CatalogueChange } from './read-change.js';
import { changeIn, FILES } from './spec-change.js';

jest.setTimeout(60_000);

const MODELS = {
  'opt-in': { legalBasis: '[consent]', defaultAllowed: 'false' },
  'opt-out': { legalBasis: '[legitimate-interest]', defaultAllowed: 'true' },
} as const;
type Model = keyof typeof MODELS;

/** The catalogue with one purpose under another choice model. */
const under = (purposeId: string, model: Model): CatalogueFile[] =>
  FILES.map(({ name, text }) => {
    const start = text.indexOf(`- id: ${purposeId}\n`);
    if (start < 0) return { name, text };
    const { legalBasis, defaultAllowed } = MODELS[model];
    const entry = text
      .slice(start)
      .replace(/legalBasis: .*/, `legalBasis: ${legalBasis}`)
      .replace(/choiceModel: .*/, `choiceModel: ${model}`)
      .replace(/defaultAllowed: .*/, `defaultAllowed: ${defaultAllowed}`)
      .replace(/proofRetention: .*/, 'proofRetention: P5Y')
      // Only what is open by default continues another.
      .replace(/ {2}continues: .*\n/, '');
    return { name, text: text.slice(0, start) + entry };
  });

it.each([
  ['market-research-participation', 'withdrawn', 'opt-out', 'given', 'objection_lifted', 'objected'],
  ['market-research-participation', 'refused', 'opt-out', 'given', 'objection_lifted', 'objected'],
  ['customer-newsletter', 'objected', 'opt-in', 'objection_lifted', 'given', 'withdrawn'],
] as const)(
  'who has %s %s when it becomes %s is told by the refusal of %s that %s is open, which opens it, and %s closes it again',
  async (purposeId, left, model, oldYes, yes, no) => {
    const app = await specApp();
    try {
      const subjectId = randomUUID();
      await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts() });
      const say = (status: string) =>
        app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, purposeId, status }) });
      const may = async (): Promise<boolean | undefined> =>
        (await app.call<{ allowed: boolean }[]>('GET', `/v1/subjects/${subjectId}/permissions?purpose=${purposeId}`))
          .body[0]?.allowed;
      expect((await say(left)).status).toBe(201);

      const files = under(purposeId, model);
      const { body: change } = await app.call<CatalogueChange>('POST', '/v1/catalogue/changes', { body: { files } });
      const { planHash } = await changeIn(app, change.changeId, ['planned']);
      await app.call('POST', `/v1/catalogue/changes/${change.changeId}/apply`, { body: { planHash } });
      await changeIn(app, change.changeId, ['recorded', 'done']);
      expect(await may()).toBe(false);

      const refused = await say(oldYes);
      expect([refused.status, refused.body]).toMatchObject([
        422,
        { type: 'urn:consent:problem:status-not-of-choice-model' },
      ]);
      expect(refused.body['openTransitions']).toContainEqual({
        status: yes,
        causes: ['person', 'guardian', 'agent', 'import'],
      });
      expect((await say(yes)).status).toBe(201);
      expect(await may()).toBe(true);
      expect((await say(no)).status).toBe(201);
      expect(await may()).toBe(false);
    } finally {
      await app.close();
    }
  },
);
