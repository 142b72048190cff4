import { type SystemId } from '@consent/events';
import { type ChoiceModel, type Localised, type Role, type ScopeLevel } from './words.js';
import { type ContactKind } from './subject.js';

/** Milliseconds a system has for a decision, counted from its reception. */
export interface SystemDeadlines {
  systemId: SystemId;
  title: Localised;
  closingMs: number;
  openingMs: number;
  /** For the confirmation of recipients the system handed data to; null where it hands on none. */
  recipientsMs: number | null;
}

/** A period by calendar (Europe/Brussels), ISO 8601. */
export interface PurposeClock {
  /** consent: from the day of consent; contract-end: from the end of the contract. */
  from: 'consent' | 'contract-end';
  period: string;
  /** C08: between contract end and the end of the period data may be used but no longer collected. */
  frozen: boolean;
  /** C09: the last part of the period, in which alone the purpose is open. Absent: all of it. */
  window?: string;
  decision: string;
}

export interface CategoryGate {
  category: string;
  /** Usable only while all of these are allowed. Empty: never usable. */
  needsGrantOf: readonly string[];
  decision: string;
}

/** A kind of data, of those there are. */
export interface DataCategory {
  id: string;
  /** Barred from every other purpose, and the decision that says so; null: it may serve whichever names it. */
  confined: { to: readonly string[]; decision: string } | null;
}

/** When the data of one kind come to their end under a purpose. Periods: ISO 8601. */
export interface DataClock {
  category: string;
  /** All of them: a period after the end of the contract; null: with no contract. */
  period: string | null;
  /** Each item: a period after it was collected; null: no item has an end of its own. */
  perItem: string | null;
  /** The name, of several kinds together, under which entries told their end before each had its own; null: none. */
  formerly: string | null;
}

export interface Retention {
  /** A name for several kinds of data; in versions from before `categories`. */
  category?: string;
  /** The kinds of data whose end is this clock (C11), or that have none; `others`: all that no other retention names. */
  categories?: readonly string[];
  /** The name that told the end of these kinds together before each had its own. */
  formerly?: string;
  /** The decision that says why the text gives these data no end (C12, C82). */
  unstated?: string;
  period: string | null;
  starts: string | null;
  until: string | null;
  /** Which data the clock holds for; null: all of the purpose. */
  appliesTo: string | null;
}

export interface Purpose {
  id: string;
  chapter: string;
  /** Of the privacy statement. */
  section: string;
  title: Localised;
  summary: Localised;
  legalBasis: readonly string[];
  choiceModel: ChoiceModel;
  /** Before any decision; null where there is no choice. */
  defaultAllowed: boolean | null;
  /** null: nobody can decide about it. */
  scopeLevel: ScopeLevel | null;
  subjectTypes: readonly string[];
  /** Roles the purpose speaks of; empty: not bound to a role. */
  roles: readonly Role[];
  brands: readonly string[];
  excludedBrands: readonly string[];
  dependsOn: readonly string[];
  /** Purposes that are the same thing under an earlier role: a no to either stands on the other too (C42). */
  continues: readonly string[];
  profiling: boolean;
  /** Reached by a full marketing objection (C21): own marketing, not the advertising of others. */
  ownMarketing: boolean;
  clocks: readonly PurposeClock[];
  /** Kinds of data that the purpose's table in the statement names. */
  dataCategories: readonly string[];
  /** Kinds that its text names besides (C48). */
  dataCategoriesOutsideTable: readonly string[];
  /** With those of kinds that serve other purposes alone. */
  categoryGates: readonly CategoryGate[];
  retention: readonly Retention[];
  /** Of `retention`, what is told or answered by kind of data (C11). */
  dataClocks: readonly DataClock[];
  proofRetention: string | null;
  channels: readonly string[];
  recipients: readonly string[];
  /** The contact channels through which people are approached for it (C19, C51); empty: none. */
  contactChannels: readonly string[];
  /** Of a contact channel: the contact points it reaches. */
  contactKind: ContactKind | null;
  systems: readonly SystemId[];
  /** A yes must name the period announced for the data (attribute `announcedPeriod`, ISO 8601): the text has none (C12). */
  announcesPeriod: boolean;
}

export interface NoticeVersion {
  id: string;
  version: string;
  /** BCP 47. */
  language: string;
  /** SHA-256 of the text file, lower-case hex. */
  contentHash: string;
  purposes: readonly string[];
}

export interface BundleDefinition {
  id: string;
  title: Localised;
  /** Purposes the bundle reaches, in the order of its decisions. */
  purposes: readonly string[];
  /** The bundle is about one scope of this level, as an unsubscribe is about one address (C19): at it no other closes. */
  inOneScopeAt?: ScopeLevel;
  decisions: readonly string[];
}

export interface Catalogue {
  /** 'YYYY-MM-DD.' and twelve hex digits of the hash over all files. */
  version: string;
  purposes: ReadonlyMap<string, Purpose>;
  /** Purposes that name this one as a prerequisite, or are the same thing under another role, directly or through others. */
  dependants: ReadonlyMap<string, readonly Purpose[]>;
  notices: readonly NoticeVersion[];
  bundles: ReadonlyMap<string, BundleDefinition>;
  /** The kinds of data there are, by id; empty for a version from before they were listed. */
  dataCategories: ReadonlyMap<string, DataCategory>;
  systems: ReadonlyMap<SystemId, SystemDeadlines>;
  /** Channels on which a yes must be confirmed, with the time there is for it (ISO 8601). */
  confirmWithin: ReadonlyMap<string, string>;
}

/** A catalogue file as read: its path below the catalogue folder, and its text. */
export interface CatalogueFile {
  name: string;
  text: string;
}
