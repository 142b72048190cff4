import { decisionsOf } from '@consent/decision-consumer/kit';

/** A decision for specs. */
export const decision = decisionsOf('directory-listing', 'line');
