import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision, decisionFormat, opens } from '@consent/events';
import fc from 'fast-check';
import { firstMissedEnd } from '../data-retention.js';
import { decide } from '../decide.js';
import { factsFor, stateIn } from '../prerequisites.js';
import { type Catalogue, type LedgerEntry, type SubjectView } from '../types.js';
import { withEntry } from '../with-entry.js';
import { life, lived, RUNS } from './acts.js';
import { expectEqual } from './expect-equal.js';
import { contextOf, MemoryLedger, withScope } from './memory-ledger.js';
import { OLDER, readAgain } from './some-purposes.js';

const format = decisionFormat();
format.learn(1, format.schema);
/** What a system reads of an entry. */
const asRead = (entry: LedgerEntry): ConsentDecision =>
  plain(format.decode(format.encode(1, { ...entry, committedAt: entry.receivedAt })));
/** Without the classes that made it; JSON there and back would cost more than the rules do. */
const plain = (read: ConsentDecision): ConsentDecision => ({
  ...read,
  scope: { ...read.scope },
  notice: read.notice && { ...read.notice },
  evidence: { ...read.evidence, origin: read.evidence.origin && { ...read.evidence.origin } },
  permission: { ...read.permission },
  systems: read.systems.map((system) => ({ ...system })),
  endedCategories: read.endedCategories.map((ended) => ({ ...ended })),
});
const entryOf = ({ committedAt: _, ...entry }: ConsentDecision) => entry as LedgerEntry;

const byTriple = ({ states }: SubjectView) =>
  new Map(states.map(({ scope, purposeId, state }) => [`${purposeId} ${scope.id}`, state]));

const versions = readAgain();
/** How much happens before anything is known of the person. */
const beforeFacts = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(3));

function versionOf(entry: { catalogueVersion: string }): Catalogue {
  const found = versions.get(entry.catalogueVersion);
  if (found === undefined) throw new Error(`Version ${entry.catalogueVersion} was never published`);
  return found;
}

describe('the ledger', () => {
  it('the ledger, the events and a fold of events alone say one and the same, and with the defaults where nothing was told it is what "may I?" answers from the first facts on', () => {
    fc.assert(
      fc.property(life, beforeFacts, (acts, known) => {
        const ledger = lived(new MemoryLedger(OLDER), [
          ...acts.slice(1, known + 1),
          ...acts.slice(0, 1),
          ...acts.slice(known + 1),
        ]);
        const events = ledger.entries.map(asRead);
        expectEqual(events.map(entryOf), ledger.entries);
        const folded = events.map(entryOf).reduce(withEntry, { ...ledger.view, states: [] });
        expectEqual(byTriple(folded), byTriple(ledger.view));
        const told = new Map(events.map((event) => [`${event.purposeId} ${event.scope.id}`, event]));
        const { facts } = ledger.view;
        const isKnown = facts !== null && !facts.unregistered;
        const judged = ledger
          .triples()
          .filter(({ purpose, scope }) =>
            isKnown ? purpose.choiceModel !== 'none' : told.has(`${purpose.id} ${scope.id}`),
          );
        const answers = judged.map(({ purpose, scope }) => {
          const { allowed, nextChangeAt } = ledger.may(purpose, scope);
          const isTold = told.has(`${purpose.id} ${scope.id}`);
          return `${purpose.id} ${scope.id} ${allowed} ${allowed && isTold ? nextChangeAt : null}`;
        });
        const said = judged.map(({ purpose, scope }) => {
          const event = told.get(`${purpose.id} ${scope.id}`);
          const open = event === undefined ? purpose.defaultAllowed : opens(event);
          return `${purpose.id} ${scope.id} ${open} ${open && event ? event.permission.nextChangeAt : null}`;
        });
        expectEqual(said, answers);
      }),
      RUNS,
    );
  });

  it('no end of data stays untold, however late its contract, its scope or its purpose became known, and clocks that begin again write nothing twice', () => {
    fc.assert(
      fc.property(life, (acts) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        expectEqual(firstMissedEnd(ledger.view, ledger.catalogue, ledger.now), null);
        const written = [...ledger.entries];
        ledger.runClocks(0, ledger.now);
        expectEqual(ledger.entries, written);
      }),
      RUNS,
    );
  });

  it('replaying under an old catalogue version gives the old answer: each decision again, from the events and the stored version alone', () => {
    fc.assert(
      fc.property(life, (acts) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        const events = ledger.entries.map((entry) => entryOf(asRead(entry)));
        let folded: SubjectView = { ...ledger.view, states: [] };
        let upTo = 0;
        for (const { command, entry, before, bundleClosedAt } of ledger.decided) {
          folded = events.slice(upTo, entry.version - 1).reduce(withEntry, folded);
          upTo = entry.version - 1;
          const catalogue = versionOf(entry);
          const purpose = catalogue.purposes.get(entry.purposeId);
          if (purpose === undefined) throw new Error(`${entry.purposeId} is not in its version`);
          const view = withScope({ ...before, states: folded.states }, command.scope, purpose);
          const { receivedAt: now, version } = entry;
          const current = stateIn(view, purpose.id, entry.scope.id);
          const facts = factsFor(view, entry.scope);
          const context = contextOf(command, view, catalogue, { now, version, bundleClosedAt });
          const again = decide(command, current, purpose, facts, context);
          expectEqual(again, { kind: 'decided', entry });
        }
      }),
      RUNS,
    );
  });

  it('replaying under an old catalogue version gives the old answer: "may I?" as it was asked then', () => {
    fc.assert(
      fc.property(life, fc.nat(9), (acts, then) => {
        const ledger = lived(new MemoryLedger(OLDER), acts.slice(0, then));
        const { facts, scopes } = ledger.view;
        const [at, upTo, version] = [ledger.now, ledger.entries.length, ledger.catalogue.version];
        const asked = answersOf(ledger, at);
        lived(ledger, acts.slice(then));
        const again = new MemoryLedger(versionOf({ catalogueVersion: version }));
        const known: SubjectView = { ...again.view, facts, scopes };
        again.view = ledger.entries
          .slice(0, upTo)
          .map((entry) => entryOf(asRead(entry)))
          .reduce(withEntry, known);
        expectEqual(answersOf(again, at), asked);
      }),
      RUNS,
    );
  });

  it('a newer version gives other answers from the same ledger, so that the version matters', () => {
    const ledger = new MemoryLedger(OLDER);
    ledger.register({ brand: 'proximus', roles: ['customer'], minor: false });
    ledger.say({ purposeId: 'prospect-newsletter', status: 'given' });
    const [older, newer] = [...versions.values()].map((catalogue) =>
      answersOf(Object.assign(new MemoryLedger(catalogue), { view: ledger.view }), ledger.now + 400 * 86_400_000),
    );
    expect(older?.find((one) => one.startsWith('prospect-newsletter'))).toContain('given');
    expect(newer?.find((one) => one.startsWith('prospect-newsletter'))).toContain('consent_lapsed');
  });
});

const answersOf = (ledger: MemoryLedger, at: number) =>
  ledger.triples().map(({ purpose, scope }) => {
    const { allowed, reason, nextChangeAt } = ledger.may(purpose, scope, at);
    return [purpose.id, scope.id, allowed, reason, nextChangeAt].join(' ');
  });
