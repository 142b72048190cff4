import { type Transaction } from '@consent/postgres';
import { ProblemError } from '@consent/service-host';
import { type ApplyInput } from '../http/schemas/catalogue-input.js';
import { type Effects } from './apply-portion.js';
import { CATALOGUE_LOCK } from './fence.js';
import { planHash } from './read-change.js';

interface Row {
  state: string;
  from_version: string;
  to_version: string;
  planned: Effects;
  in_force: string;
  other: boolean;
}

const READ = `
SELECT change.state, from_version, to_version, planned, catalogue.version AS in_force,
       EXISTS (SELECT FROM catalogue_change WHERE state = 'running') AS other
  FROM catalogue_change AS change, catalogue_in_force AS catalogue
 WHERE change_id = $1 FOR UPDATE OF change, catalogue`;

/**
 * Brings a planned version into force, at one moment for all services, and starts the run over all people. The
 * transaction must hold nothing of the fence yet: it waits for every write under the old version to end.
 * @throws ProblemError 409 when the plan is not as named, not planned, or not from the version in force
 */
export async function applyChange(
  tx: Transaction,
  changeId: string,
  { planHash: named, despite }: ApplyInput,
  caller: string,
): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [CATALOGUE_LOCK]);
  const { rows } = await tx.query<Row>(READ, [changeId]);
  const [change] = rows;
  if (!change)
    throw new ProblemError(
      404,
      'catalogue-change-unknown',
      'The change is not known',
      `No change has the id ${changeId}`,
    );
  if (change.state === 'running' || change.state === 'recorded' || change.state === 'done') return;
  if (change.state === 'refused')
    throw conflict(
      'catalogue-change-refused',
      'The change would open what nobody agreed to',
      `Found purposes that would open for people who never said yes: ${openedUnasked(change.planned)}; expected a version that opens none`,
    );
  const hash = planHash(change.from_version, change.to_version, change.planned);
  if (change.state === 'planning' || hash !== named)
    throw conflict(
      'catalogue-plan-differs',
      'The plan is not the one named',
      `Found ${change.state === 'planning' ? 'a plan that is still counted' : `plan ${hash}`}; expected ${named}`,
    );
  if (change.in_force !== change.from_version || change.other)
    throw conflict(
      'catalogue-plan-outdated',
      'The plan starts from another version',
      `Found catalogue ${change.in_force} in force${change.other ? ', with a change still running' : ''}; the plan starts from ${change.from_version}: expected a new plan`,
    );
  await tx.query('UPDATE catalogue_in_force SET version = $1, since = clock_timestamp()', [change.to_version]);
  await tx.query(
    `UPDATE catalogue_change SET state = 'running', at_subject = NULL, subjects = 0, applied_by = $2,
            applied_at = clock_timestamp(), plan_hash = $3, despite = $4 WHERE change_id = $1`,
    [changeId, caller, hash, despite ?? null],
  );
}

const openedUnasked = (effects: Effects): string =>
  Object.entries(effects)
    .filter(([, { withheld }]) => withheld > 0)
    .map(([purposeId, { withheld }]) => `${purposeId} (${withheld})`)
    .join(', ');

const conflict = (type: string, title: string, detail: string): ProblemError =>
  new ProblemError(409, type, title, detail);
