import { brandGate } from './brand-gate.js';
import { consentClock } from './consent-clock.js';
import { contractClock } from './contract-clock.js';
import { fullMarketingObjection } from './full-marketing-objection.js';
import { minorNotProfiled } from './minor-not-profiled.js';
import { prerequisitesOpen } from './prerequisites-open.js';
import { refusedInAnotherRole } from './refused-in-another-role.js';
import { roleCovered } from './role-covered.js';
import { type Rule } from './rule.js';
import { scopeValid } from './scope-valid.js';

/** In the order in which a closed permission names its reason: what the person decided goes before all of them. */
export const RULES: readonly Rule[] = [
  scopeValid,
  brandGate,
  roleCovered,
  minorNotProfiled,
  consentClock,
  contractClock,
  fullMarketingObjection,
  refusedInAnotherRole,
  prerequisitesOpen,
];
