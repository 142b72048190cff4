import { type CatalogueDifference, isOpening, type Status } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { ProblemError } from '@consent/service-host';
import { type ApplyInput } from '../http/schemas/catalogue-input.js';
import { type Reader } from '../ledger/read-positions.js';
import { type Effects } from './apply-portion.js';
import { changeUnknown, planHash, readChange } from './read-change.js';
import { refuseRewrittenNotices } from './rewritten-notices.js';
import { type RunningBuilds, unhandled } from './running-builds.js';

interface Row {
  state: string;
  from_version: string;
  to_version: string;
  planned: Effects;
  difference: CatalogueDifference;
  in_force: string;
  other: boolean;
}

const READ = `
SELECT change.state, from_version, to_version, planned, difference, catalogue.version AS in_force,
       EXISTS (SELECT FROM catalogue_change WHERE state = 'running') AS other
  FROM catalogue_change AS change, catalogue_in_force AS catalogue
 WHERE change_id = $1 FOR UPDATE OF change, catalogue`;

// A minute more: what was being recorded when one looked before was not seen.
const CLOSED_SINCE = `
SELECT DISTINCT purpose_id, current_state.status, current_state.decided_at IS NOT NULL AS decided
  FROM ledger JOIN current_state USING (subject_id, scope_id, purpose_id)
 WHERE committed_at >= coalesce($2, (SELECT created_at FROM catalogue_change WHERE change_id = $1)) - interval '1 minute'
   AND purpose_id = ANY ($3) AND NOT current_state.allowed`;

const KEEP_RETURNS = `
INSERT INTO purpose_return (purpose_id, returned_at)
SELECT id, applied_at FROM catalogue_change AS change, unnest($2::text[]) AS id
 WHERE change_id = $1 AND EXISTS (SELECT FROM catalogue_change AS earlier
                                   WHERE earlier.applied_at < change.applied_at AND earlier.difference -> 'removed' ? id)
ON CONFLICT (purpose_id) DO UPDATE SET returned_at = excluded.returned_at`;

/**
 * Asks what takes its time before the transaction that brings a change into force, so that nothing waits for it: the systems
 * that the change names anew, and the ledger since the plan. Whoever says why (`despite`) is not held up by the systems.
 * @returns up to when the ledger was seen
 * @throws ProblemError 409 when a system is not known to have a rule for a purpose, or the plan is outdated
 */
export async function lookBefore(
  reader: Reader,
  builds: RunningBuilds,
  changeId: string,
  { despite }: ApplyInput,
): Promise<Date> {
  const change = await readChange(reader, changeId);
  const { rows } = await reader.query<{ now: Date }>('SELECT clock_timestamp() AS now', []);
  const now = rows[0]?.now ?? new Date(0);
  if (change?.state !== 'planning' && change?.state !== 'planned') return now;
  await refuseNewNoes(reader, changeId, change.difference, null);
  if (despite !== undefined) return now;
  const found = unhandled(await builds.handlingOf(change.difference.named));
  if (found.length > 0)
    throw conflict(
      'catalogue-not-handled',
      'A system is not known to have a rule for a purpose that names it anew',
      `Found ${found.join('; ')}; expected running builds that know these purposes, or the reason to apply it all the same (despite)`,
    );
  return now;
}

/**
 * Brings a planned version into force, at one moment for all services, and starts the run over all people; once, however
 * often it is asked for. The transaction holds the fence alone.
 * @throws ProblemError 409 when the plan is not as named, not planned, or not from the version in force; CatalogueError of
 * a notice that came into force since the plan and is rewritten by it
 * @param seen up to when `lookBefore` saw the ledger
 */
export async function bringIntoForce(
  tx: Transaction,
  changeId: string,
  { planHash: named, despite }: ApplyInput,
  caller: string,
  seen: Date,
): Promise<void> {
  const { rows } = await tx.query<Row>(READ, [changeId]);
  const [change] = rows;
  if (!change) throw changeUnknown(changeId);
  if (change.state === 'running' || change.state === 'recorded' || change.state === 'done') return;
  if (change.state === 'refused')
    throw conflict(
      'catalogue-change-refused',
      'The change would open what nobody agreed to',
      `Found purposes that would open for people who never said yes, or said it before the purpose had gone: ${openedUnasked(change.planned)}; expected a version that opens none`,
    );
  const hash = planHash(change.from_version, change.to_version, change.planned);
  if (change.state === 'planning' || hash !== named)
    throw conflict(
      'catalogue-plan-differs',
      'The plan is not the one named',
      `Found planHash ${named}; expected ${change.state === 'planning' ? 'to wait until the plan is counted' : hash}`,
    );
  if (change.in_force !== change.from_version || change.other)
    throw conflict(
      'catalogue-plan-outdated',
      'The plan starts from another version',
      `Found catalogue ${change.in_force} in force${change.other ? ', with a change still running' : ''}; the plan starts from ${change.from_version}: expected a new plan`,
    );
  await refuseRewrittenNotices(tx, change.to_version);
  await refuseNewNoes(tx, changeId, change.difference, seen);
  await tx.query('UPDATE catalogue_in_force SET version = $1, since = clock_timestamp()', [change.to_version]);
  await tx.query(
    `UPDATE catalogue_change SET state = 'running', at_subject = NULL, subjects = 0, applied_by = $2,
            applied_at = clock_timestamp(), plan_hash = $3, despite = $4 WHERE change_id = $1`,
    [changeId, caller, hash, despite ?? null],
  );
  await tx.query(KEEP_RETURNS, [changeId, change.difference.added]);
}

/**
 * Where a purpose comes to need no choice, what closed it since the plan would be open in answers and closed in every system, and the
 * person would have no word for it any more. After the fence nothing can close it. A yes that a rule holds closed is no no: the
 * run opens it, and tells.
 */
async function refuseNewNoes(
  reader: Reader,
  changeId: string,
  { changed }: CatalogueDifference,
  since: Date | null,
): Promise<void> {
  const withoutChoice = changed.filter(({ fields }) =>
    fields.some(({ field, to }) => field === 'choiceModel' && to === 'none'),
  );
  if (withoutChoice.length === 0) return;
  const ids = withoutChoice.map(({ id }) => id);
  const { rows } = await reader.query<{ purpose_id: string; status: Status; decided: boolean }>(CLOSED_SINCE, [
    changeId,
    since,
    ids,
  ]);
  const closed = new Set(rows.filter((row) => !(row.decided && isOpening(row.status))).map((row) => row.purpose_id));
  if (closed.size > 0)
    throw conflict(
      'catalogue-plan-outdated',
      'Someone said no since the plan was counted',
      `Found ${[...closed].join(', ')} closed for people since the plan, which would need no choice: expected a new plan`,
    );
}

const openedUnasked = (effects: Effects): string =>
  Object.entries(effects)
    .filter(([, { withheld }]) => withheld > 0)
    .map(([purposeId, { withheld }]) => `${purposeId} (${withheld})`)
    .join(', ');

const conflict = (type: string, title: string, detail: string): ProblemError =>
  new ProblemError(409, type, title, detail);
