/*
 * The rules, pure: no clock, no I/O; time and ids are arguments. Imported by consent-service, and by the operators' tool
 * for the catalogue, so that no rule grows downstream.
 *   decide      command + current state + facts → ledger entry, or a refusal with the open transitions
 *   evolve      state + entry → state
 *   permission  purpose + state + facts + time → allowed or not, why, until when
 */
export * from './another-role.js';
export * from './types.js';
export * from './subject-context.js';
export * from './decide.js';
export * from './evolve.js';
export * from './permission.js';
export * from './prerequisites.js';
export { type ChangeContext, permissionChanges } from './permission-changes.js';
export * from './followers.js';
export * from './clock-changes.js';
export * from './clock-notes.js';
export { firstMissedEnd } from './data-retention.js';
export * from './consent-proof.js';
export * from './reply-clocks.js';
export * from './expand-bundle.js';
export * from './catalogue/parse-catalogue.js';
export * from './catalogue/catalogue-error.js';
export { CATALOGUE_SCHEMAS } from './catalogue/schema.js';
export * from './contact-permission.js';
export { earliest } from './earliest.js';
export * from './category-permission.js';
export * from './permission-for-category.js';
export * from './catalogue/diff-catalogues.js';
export { rewrittenNotices } from './catalogue/check-notices.js';
export { NOTICES, storedNotices } from './catalogue/notice-versions.js';
export * from './catalogue/catalogue-changes.js';
export * from './reason-sentence.js';
export * from './reasons.js';
export { RULES } from './rules/index.js';
export * from './transitions.js';
export * from './cause-of.js';
export { isClosing, isOpening } from './direction.js';
export * from './why/index.js';
