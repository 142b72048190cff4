/**
 * Settings of a session that looks few rows up by key: each named statement is planned once, since planning costs as much as
 * running it. A plan that is made while a table is still empty must be one for the table that it becomes: by index, row by row.
 */
export const PLANS_FOR_FEW = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
];
