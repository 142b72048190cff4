import {
  type ChoiceModel,
  type ContactKind,
  type Localised,
  type Role,
  type ScopeLevel,
  type SystemId,
} from '../types.js';

/* The files as written, once their schema holds. */

export interface RawRelease {
  date: string;
}

export interface RawSystem {
  id: SystemId;
  title: Localised;
  closing: string;
  opening: string;
  recipients: string | null;
}

export interface RawPurpose {
  id: string;
  section: string;
  title: Localised;
  summary: Localised;
  legalBasis: string[];
  choiceModel: ChoiceModel;
  defaultAllowed: boolean | null;
  scopeLevel: ScopeLevel | null;
  subjectTypes: string[];
  roles: Role[];
  brands: string[];
  excludedBrands: string[];
  dependsOn: string[];
  continues?: string[];
  profiling: boolean;
  ownMarketing: boolean;
  dataCategories?: string[];
  dataCategoriesOutsideTable?: string[];
  contactChannels?: string[];
  clocks?: { from: 'consent' | 'contract-end'; period: string; frozen?: boolean; window?: string; decision: string }[];
  categoryGates?: { category: string; needsGrantOf: string[]; decision: string }[];
  retention?: RawRetention[];
  proofRetention: string | null;
  channels: string[];
  recipients: string[];
  contactKind?: ContactKind;
  announcesPeriod?: boolean;
  systems: SystemId[];
}

export interface RawRetention {
  /** A name for several kinds of data; in versions from before `categories`. */
  category?: string;
  /** The kinds of data that it holds for; `others`: all of the purpose that no other retention names. */
  categories?: string[];
  /** The name that told the end of these kinds together before each had its own. */
  formerly?: string;
  /** The decision that says why the text gives these data no end (C12, C82). */
  unstated?: string;
  appliesTo: string | null;
  period: string | null;
  starts: string | null;
  until: string | null;
}

export interface RawNotice {
  id: string;
  version: string;
  purposes: string[];
  texts: Record<string, { file: string; contentHash: string }>;
}

export interface RawBundle {
  id: string;
  title: Localised;
  decisions: string[];
  /** Absent: every scope. */
  inOneScopeAt?: ScopeLevel;
  purposes: string[];
}

export interface RawChannel {
  id: string;
  /** Absent: what is said over it needs no confirmation. */
  confirmWithin?: string;
}

export interface RawDataCategory {
  id: string;
  servesOnly?: string[];
  decision?: string;
}

/** An entry and the file it stands in. */
export interface Placed<T> {
  file: string;
  entry: T;
}
