import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY } from '../test-fixtures.js';
import { type DecideCommand, type Purpose, type Scope, type Status, type SubjectFacts } from '../types.js';
import { life, lived, RUNS, someFacts, WITHOUT_REASONS, wordAbout } from './acts.js';
import { expectEqual } from './expect-equal.js';
import { MemoryLedger } from './memory-ledger.js';
import { OLDER } from './some-purposes.js';
import { missingForConsent, newestNo, opener } from './what-the-statement-says.js';

const NO_OF: Partial<Record<Purpose['choiceModel'], readonly Status[]>> = {
  'opt-in': ['withdrawn', 'refused'],
  'opt-out': ['objected'],
};
const BY_ITSELF = new Set(['clock', 'facts', 'catalogue']);
/** What a command is about. */
const about = (ledger: MemoryLedger, { purposeId, scope }: { purposeId: string; scope: Scope }): Purpose => {
  const purpose = ledger.catalogue.purposes.get(purposeId);
  if (purpose === undefined) throw new Error(`No ${purposeId} for ${scope.id}`);
  return purpose;
};

describe('whatever happens', () => {
  it('no sequence of events makes an opt-in purpose allowed without a live grant', () => {
    fc.assert(
      fc.property(life, (acts) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        const open = ledger.triples().filter(({ purpose, scope }) => ledger.may(purpose, scope).allowed);
        const groundless = open.flatMap(({ purpose, scope }) => {
          const missing = purpose.choiceModel === 'opt-in' ? missingForConsent(ledger, purpose, scope) : null;
          return missing === null ? [] : [`${purpose.id} ${scope.id} without ${missing}`];
        });
        expectEqual(groundless, []);
      }),
      RUNS,
    );
  });

  it('a closing is effective at every later time, under whatever facts, until a newer opening by the person', () => {
    const later = fc.tuple(someFacts, fc.nat(3_000));
    fc.assert(
      fc.property(life, later, (acts, [facts, days]) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        const closed = ledger.triples().filter(({ purpose, scope }) => {
          const since = newestNo(ledger, purpose, scope);
          return since > -Infinity && opener(ledger, purpose, scope) === null;
        });
        const open = (at: number, view = ledger.view) =>
          closed.filter(({ purpose, scope }) => ledger.may(purpose, scope, at, view).allowed).map(named);
        expectEqual(open(ledger.now), []);
        const { fullMarketingObjectionAt = null } = ledger.view.facts ?? {};
        const other: SubjectFacts = { ...facts, fullMarketingObjectionAt };
        expectEqual(open(ledger.now + days * DAY, { ...ledger.view, facts: other }), []);
      }),
      RUNS,
    );
  });

  it('old evidence never opens: not older than, nor as old as, the newest closing', () => {
    const late = fc.tuple(wordAbout(WITHOUT_REASONS), fc.nat(3));
    fc.assert(
      fc.property(life, late, (acts, [word, days]) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        const purpose = about(ledger, word);
        const since = newestNo(ledger, purpose, word.scope);
        if (since === -Infinity || ledger.may(purpose, word.scope).allowed) return;
        for (const status of ['given', 'objection_lifted'] as const)
          ledger.say({ ...word, status, decidedAt: since - days * DAY });
        expectEqual(ledger.may(purpose, word.scope).allowed, false);
      }),
      RUNS,
    );
  });

  it('a no in the words of the choice model is never refused, from no state and under no facts', () => {
    const no = fc.tuple(wordAbout(WITHOUT_REASONS), fc.nat(900));
    fc.assert(
      fc.property(life, no, (acts, [word, days]) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        const purpose = about(ledger, word);
        const cause = BY_ITSELF.has(word.cause) ? 'person' : word.cause;
        for (const status of NO_OF[purpose.choiceModel] ?? []) {
          const command: DecideCommand = { ...word, cause, status, decidedAt: ledger.now - days * DAY };
          const [result] = ledger.say(command);
          const took = result?.kind === 'decided' && result.entry.effective && !result.entry.permission.allowed;
          if (!took) throw new Error(`A no was not taken: ${JSON.stringify(result)}`);
          expectEqual(ledger.may(purpose, word.scope).allowed, false);
        }
      }),
      RUNS,
    );
  });
});

const named = ({ purpose, scope }: { purpose: Purpose; scope: Scope }): string => `${purpose.id} ${scope.id}`;
