import { catalogueChanges } from '../catalogue/catalogue-changes.js';
import { clockChanges, clockOf, nextClock } from '../clock-changes.js';
import { firstMissedEnd } from '../data-retention.js';
import { decide } from '../decide.js';
import { earliest } from '../earliest.js';
import { closedBy, expandBundle, objectsToAllMarketing } from '../expand-bundle.js';
import { followersOf } from '../followers.js';
import { permissionChanges } from '../permission-changes.js';
import { asFirstNamed, factsFor, permissionIn, othersOf, reachedScopes, stateIn } from '../prerequisites.js';
import { command, NOW, SUBJECT } from '../test-fixtures.js';
import {
  type Catalogue,
  type DecideCommand,
  type DecideContext,
  type DecideResult,
  type LedgerEntry,
  type Permission,
  type Purpose,
  type Scope,
  type ScopeFacts,
  type SubjectFacts,
  type SubjectView,
} from '../types.js';
import { withEntry } from '../with-entry.js';

/** What a command was decided on. */
export interface Decided {
  command: DecideCommand;
  entry: LedgerEntry;
  /** The subject before it. */
  before: SubjectView;
  /** The moment of the newest bundle that says no to the purpose. */
  bundleClosedAt: number | null;
}

const NOTHING_REGISTERED: SubjectFacts = { brand: null, roles: [], minor: null, unregistered: true };
/** What an unsubscribe is about. */
const ADDRESS: Scope = { level: 'contact_point', id: 'mail-1' };
const OF_NOBODY = { newDecisionId: () => '', caller: 'consent-service', bundleId: null };

/** One person's ledger in memory: what comes in is decided, and followed by what follows from it, as the service does. */
export class MemoryLedger {
  view: SubjectView = { subjectId: SUBJECT, facts: null, scopes: [], states: [] };
  /** Epoch ms. Everything due up to now has been written. */
  now = NOW;
  readonly entries: LedgerEntry[] = [];
  readonly decided: Decided[] = [];
  /** Each bundle said: its moment, what it names in every scope, what it closes, and the scopes known then. */
  readonly bundles: {
    at: number;
    purposes: readonly string[];
    closed: readonly string[];
    scopes: ReadonlySet<string>;
  }[] = [];
  /** Facts as told, without the moment of an objection. */
  #registered: SubjectFacts | null = null;
  /** The earliest moment at which an entry asks for the clocks, epoch ms. */
  #dueAt: number | null = null;

  constructor(public catalogue: Catalogue) {}

  /** The same past, with a future of its own. */
  copy(): MemoryLedger {
    const { catalogue, view, now, entries, decided } = this;
    const other = Object.assign(new MemoryLedger(catalogue), {
      view,
      now,
      entries: [...entries],
      decided: [...decided],
    });
    other.#registered = this.#registered;
    other.#dueAt = this.#dueAt;
    other.bundles.push(...this.bundles);
    return other;
  }

  /** Decisions of one act. */
  say(...commands: readonly Partial<DecideCommand>[]): DecideResult[] {
    const { view: before, catalogue } = this;
    const first = this.entries.length;
    const results = commands.map((one) => this.#decide(command(one)));
    const followers = followersOf(this.entries.slice(first), before, catalogue);
    if (followers.size > 0)
      this.#take(permissionChanges(before, this.view, catalogue, { ...this.#context(), cause: 'facts', followers }));
    return results;
  }

  bundle(kind: string, over: Partial<DecideCommand> = {}): void {
    this.say(...this.partsOf(kind).map((item) => ({ ...over, ...item, bundleId: kind })));
    const decidedAt = over.decidedAt ?? this.now;
    this.closeAll(kind, decidedAt);
    if (objectsToAllMarketing(kind, this.catalogue)) this.objectToAll(decidedAt);
  }

  partsOf = (kind: string) => {
    const { inOneScopeAt } = this.catalogue.bundles.get(kind) ?? {};
    return expandBundle(kind, this.view, this.catalogue, inOneScopeAt === undefined ? null : ADDRESS).items;
  };

  /** The moment of a bundle, beside its decisions. */
  closeAll(kind: string, decidedAt: number): void {
    const { purposes = [], inOneScopeAt } = this.catalogue.bundles.get(kind) ?? {};
    const isEverywhere = (id: string) => this.catalogue.purposes.get(id)?.scopeLevel !== inOneScopeAt;
    this.bundles.push({
      at: Math.min(decidedAt, this.now),
      purposes: inOneScopeAt === undefined ? purposes : purposes.filter(isEverywhere),
      closed: closedBy(kind, this.catalogue),
      scopes: new Set(this.triples().map(({ scope }) => scope.id)),
    });
  }

  /** The moment of an objection to all marketing, beside its decisions. */
  objectToAll(decidedAt: number): void {
    const facts = this.view.facts ?? NOTHING_REGISTERED;
    const at = Math.max(facts.fullMarketingObjectionAt ?? -Infinity, Math.min(decidedAt, this.now));
    this.view = { ...this.view, facts: { ...facts, fullMarketingObjectionAt: at } };
  }

  /**
   * Facts, with scopes. An objection is a decision, and no source of facts takes it back.
   * @param facts null: as they are; scopes alone are not registered of a person of whom nothing is known
   */
  register(facts: SubjectFacts | null, scopes: readonly ScopeFacts[] = []): void {
    const before = this.view;
    if (facts !== null) this.#registered = facts;
    if (this.#registered === null) return;
    const fullMarketingObjectionAt = before.facts?.fullMarketingObjectionAt ?? null;
    this.view = {
      ...before,
      facts: { ...this.#registered, fullMarketingObjectionAt },
      scopes: [...new Map([...before.scopes, ...scopes].map((scope) => [scope.id, scope])).values()],
    };
    this.#take(permissionChanges(before, this.view, this.catalogue, { ...this.#context(), cause: 'facts' }));
  }

  /** Refused when something would open to which the person never agreed. */
  publish(newer: Catalogue): void {
    const { entries, withheld } = catalogueChanges(this.view, this.catalogue, newer, this.#context());
    if (withheld.length > 0) return;
    this.catalogue = newer;
    this.#take(entries);
  }

  /** Time passes, and what falls due is written at its moment; first what fell due before it was known. */
  passTo(moment: number): void {
    const missed = firstMissedEnd(this.view, this.catalogue, this.now);
    const from = earliest([missed, this.#dueAt, this.now + 1]) ?? moment;
    this.#dueAt = null;
    this.runClocks(from, moment);
    this.now = moment;
  }

  /** The clocks of the moments from one to another. */
  runClocks(from: number, to: number): void {
    const next = (at: number): number | null => nextClock(this.view, this.catalogue, at);
    for (let at = next(from); at !== null && at <= to; at = next(at + 1)) {
      this.now = Math.max(this.now, at);
      this.#take(clockChanges(this.view, this.catalogue, at, this.#context()));
    }
  }

  /** "May I?" */
  may(purpose: Purpose, scope: Scope, at = this.now, view = this.view): Permission {
    return permissionIn(view, this.catalogue, purpose, scope, at);
  }

  /** Every purpose in every scope of its level. */
  triples(): { purpose: Purpose; scope: ScopeFacts }[] {
    return [...this.catalogue.purposes.values()].flatMap((purpose) =>
      reachedScopes(this.view, purpose).map((scope) => ({ purpose, scope })),
    );
  }

  #decide(asked: DecideCommand): DecideResult {
    const { view: before, catalogue } = this;
    const { scope, purposeId } = asked;
    const purpose = catalogue.purposes.get(purposeId);
    if (purpose === undefined) throw new Error(`No purpose ${purposeId}`);
    const moments = this.bundles.filter(({ closed }) => closed.includes(purposeId)).map(({ at }) => at);
    const bundleClosedAt = moments.length === 0 ? null : Math.max(...moments);
    const moment = { now: this.now, version: this.entries.length + 1, bundleClosedAt };
    const judged = withScope(before, scope, purpose);
    const context = contextOf(asked, judged, catalogue, moment);
    const result = decide(asked, stateIn(before, purposeId, scope.id), purpose, factsFor(judged, scope), context);
    if (result.kind === 'refused') return result;
    this.view = judged;
    this.decided.push({ command: asked, entry: result.entry, before, bundleClosedAt });
    this.#take([result.entry]);
    return result;
  }

  #take(entries: readonly LedgerEntry[]): void {
    for (const taken of entries) {
      const entry = { ...taken, version: this.entries.length + 1, decisionId: `d${this.entries.length + 1}` };
      this.entries.push(entry);
      this.#dueAt = earliest([this.#dueAt, clockOf(entry, this.catalogue.purposes.get(entry.purposeId))]);
      this.view = withEntry(this.view, entry);
    }
  }

  #context() {
    return { ...OF_NOBODY, now: this.now, nextVersion: () => 0 };
  }
}

/** The subject with the scope of a command, which it may name first. */
export const withScope = (view: SubjectView, scope: DecideCommand['scope'], purpose: Purpose): SubjectView =>
  scope.level === 'person' || view.scopes.some(({ id }) => id === scope.id)
    ? view
    : { ...view, scopes: [...view.scopes, asFirstNamed(scope, purpose)] };

/** What `decide` is told beside the command and the state. */
export const contextOf = (
  { scope, evidence }: DecideCommand,
  view: SubjectView,
  catalogue: Catalogue,
  { now, version, bundleClosedAt }: Pick<DecideContext, 'now' | 'version' | 'bundleClosedAt'>,
): DecideContext => ({
  now,
  version,
  bundleClosedAt,
  decisionId: `d${version}`,
  catalogueVersion: catalogue.version,
  systems: catalogue.systems,
  notices: catalogue.notices,
  ...othersOf(view, catalogue, scope, now),
  confirmWithin: catalogue.confirmWithin.get(evidence.channel) ?? null,
});
