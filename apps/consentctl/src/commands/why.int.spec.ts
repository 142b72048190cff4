import { afterEach, describe, expect, it } from '@jest/globals';
import { type FakePipeline, fakePipeline, uuid } from '../spec/fake-pipeline.js';
import { status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

const SUBJECT = uuid(900);
const ROUTE = `GET /v1/subjects/${SUBJECT}/why`;
const why = (over: object = {}) => ({
  purposeId: 'prospect-newsletter',
  title: 'Newsletter',
  scope: { level: 'person', id: SUBJECT },
  at: '2026-11-24T11:00:00.000Z',
  language: 'en',
  catalogueVersion: '2026-11-24.000000000000',
  factsAt: '2026-11-01T00:00:00.000Z',
  knownSince: '2026-10-01T00:00:00.000Z',
  allowed: false,
  reason: 'withdrawn',
  sentence: 'You withdrew your consent.',
  steps: [
    { kind: 'purpose', purposeId: 'prospect-newsletter', sentence: 'Newsletter: closed.', section: '7.1.4' },
    {
      kind: 'decision',
      purposeId: 'prospect-newsletter',
      sentence: '23 November 2026: you withdrew your consent, through the website.',
      decision: {
        decisionId: uuid(1),
        position: 12,
        actor: 'self',
        caller: 'myproximus',
        catalogueVersion: '2026-11-01.000000000000',
      },
    },
    {
      kind: 'rule',
      purposeId: 'p',
      sentence: 'Closed.',
      rule: 'brand-gate',
      decisions: ['C40'],
      facts: [{ sentence: 'Brand: b.' }],
    },
  ],
  wouldChange: [{ sentence: 'Newsletter: you consent.' }],
  ...over,
});

describe('consentctl subject why', () => {
  let pipeline: FakePipeline | undefined;
  afterEach(() => pipeline?.close());
  const run = async (line: string, answer: unknown) => {
    pipeline = await fakePipeline({ consent: { [ROUTE]: () => answer } });
    return runCommand(`subject why ${SUBJECT} ${line}`, pipeline.env);
  };

  it('shows each step with its source, and what would change the answer', async () => {
    const ended = await run('--purpose prospect-newsletter --language nl --at 2026-11-24T12:00:00+01:00', why());
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(ended.out).toContain('Newsletter (prospect-newsletter): not allowed [withdrawn]');
    expect(ended.out).toContain('1. Newsletter: closed. [section 7.1.4, catalogue 2026-11-24.000000000000]');
    expect(ended.out).toContain(
      `website. [decision ${uuid(1)}, position 12, myproximus (the person), catalogue 2026-11-01.000000000000]`,
    );
    expect(ended.out).toContain('3. Closed. [brand-gate, C40]\n   Brand: b.\n');
    expect(ended.out).not.toContain('in part');
    expect(ended.out).toContain('- Newsletter: you consent.');
    expect(ended.out).toContain('Under the facts registered on 2026-11-01T00:00:00.000Z.');
    expect(Object.fromEntries(pipeline?.consent.requests[0]?.query ?? [])).toEqual({
      purpose: 'prospect-newsletter',
      at: '2026-11-24T11:00:00.000Z',
      language: 'nl',
    });
  });

  it('says when no facts were known at the moment asked about', async () => {
    const ended = await run('--purpose prospect-newsletter', why({ factsAt: null }));
    expect(ended.out).toContain('No facts were registered by then.');
  });

  it('says from when on the past is known, of a moment before', async () => {
    const ended = await run('--purpose prospect-newsletter', why({ knownSince: '2026-11-25T00:00:00.000Z' }));
    expect(ended.out).toContain('Told in part only: what was known at each moment is kept since 2026-11-25');
  });

  it.each([
    [
      'nl',
      [
        'niet toegelaten [withdrawn]',
        'Volgens de feiten',
        'afdeling 7.1.4',
        'beslissing',
        '(de persoon)',
        'Wat dit zou veranderen:',
      ],
    ],
    [
      'fr',
      [
        '\u202f: non autorisé',
        'Selon les faits',
        'catalogue',
        'décision',
        '(la personne)',
        'Ce qui changerait ceci\u202f:',
      ],
    ],
  ] as const)('prints its own words in %s too', async (language, expected) => {
    const scope = { level: 'contact_point', id: SUBJECT };
    const ended = await run(`--purpose prospect-newsletter --language ${language}`, why({ language, scope }));
    for (const words of expected) expect(ended.out).toContain(words);
    expect(ended.out).not.toMatch(/allowed|registered|decision |contact_point|the person|would change/);
  });

  it('prints what the service answered with --json', async () => {
    const ended = await run('--purpose prospect-newsletter --json', why({ wouldChange: [] }));
    expect(ended.json()).toEqual(why({ wouldChange: [] }));
  });

  it('passes a refusal on, with what is expected', async () => {
    const refusal = status(400, { title: 'x', detail: 'query scope: is missing; known are a, b' });
    const ended = await run('--purpose directory-contact-listing', refusal);
    expect(ended).toMatchObject({ exitCode: 4 });
    expect(ended.err).toContain('known are a, b');
  });

  it.each([
    ['', '--purpose'],
    ['--purpose P!', 'no purpose id'],
    ['--purpose p --scope 1', '--scope'],
    ['--purpose p --at noon', '--at'],
    ['--purpose p --language de', 'en, nl, fr'],
  ])('refuses %p before it asks', async (line, named) => {
    const ended = await run(line, why());
    expect(ended).toMatchObject({ exitCode: 2 });
    expect(ended.err).toContain(named);
    expect(pipeline?.consent.requests).toEqual([]);
  });
});
