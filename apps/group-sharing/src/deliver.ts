import { type DataSource } from 'typeorm';
import { withTransaction } from '@consent/postgres';
import { type Purpose } from './on-decision.js';

/** Purposes under which contacts are handed to affiliates; the gate for numbers is none of them. */
export type SharedPurpose = Exclude<Purpose, 'contact-by-phone'>;

export interface Delivery {
  deliveryId: string;
  affiliate: string;
  purposeId: SharedPurpose;
}

/** A contact as an affiliate gets it. Name and number are joined at the border, by these ids. */
export interface DeliveredContact {
  subjectId: string;
  /** The number to call; null where the purpose is not about calling. */
  contactPointId: string | null;
  version: number;
  /** Told to stop since. */
  stopped: boolean;
}

/**
 * Hands the contacts of a purpose to an affiliate: everyone on the list whose permission is in force at this moment, for
 * calling only with a number that is open (11.5). The permissions stay locked until the delivery is committed: a closing
 * is either seen, or finds the delivery and tells the affiliate.
 */
export const deliver = (dataSource: DataSource, { deliveryId, affiliate, purposeId }: Delivery) =>
  withTransaction(dataSource, async (tx) => {
    await tx.query('INSERT INTO delivery (delivery_id, affiliate, purpose_id) VALUES ($1, $2, $3)', [
      deliveryId,
      affiliate,
      purposeId,
    ]);
    await tx.query(LOCK, [purposeId]);
    const forCalling = purposeId === 'group-affiliate-phone-marketing';
    const { rowCount } = await tx.query(forCalling ? DELIVER_FOR_CALLING : DELIVER, [deliveryId, affiliate, purposeId]);
    return { contacts: rowCount };
  });

// Waits for decisions in hand; the statement after it sees what they have written.
const LOCK = `
  SELECT FROM permission_in_force
  WHERE allowed AND purpose_id IN ($1, 'contact-by-phone')
  ORDER BY subject_id, scope_id, purpose_id
  FOR SHARE`;

const SHARED = `
  shared_contact AS contact
  JOIN permission_in_force AS permission
    ON (permission.subject_id, permission.scope_id, permission.purpose_id)
     = (contact.subject_id, contact.scope_id, contact.purpose_id)`;

const DELIVER = `
  WITH due AS (
    SELECT contact.subject_id, contact.scope_id, contact.purpose_id, permission.version
    FROM ${SHARED}
    WHERE contact.purpose_id = $3 AND contact.shared AND permission.allowed
    FOR SHARE OF permission
  )
  INSERT INTO delivered_contact (delivery_id, affiliate, subject_id, scope_id, purpose_id, version)
  SELECT $1, $2, subject_id, scope_id, purpose_id, version FROM due`;

// A number of which nothing is known is handed to nobody.
const DELIVER_FOR_CALLING = `
  WITH due AS (
    SELECT contact.subject_id, contact.scope_id, contact.purpose_id, permission.version,
      phone.contact_point_id, may_call.version AS phone_version
    FROM ${SHARED}
    JOIN phone ON phone.subject_id = contact.subject_id AND phone.purpose_id = 'contact-by-phone'
    JOIN permission_in_force AS may_call
      ON (may_call.subject_id, may_call.scope_id, may_call.purpose_id)
       = (phone.subject_id, phone.contact_point_id, phone.purpose_id)
    WHERE contact.purpose_id = $3 AND contact.shared AND permission.allowed AND phone.open AND may_call.allowed
    FOR SHARE OF permission, may_call
  )
  INSERT INTO delivered_contact
    (delivery_id, affiliate, subject_id, scope_id, purpose_id, version, contact_point_id, phone_version)
  SELECT $1, $2, subject_id, scope_id, purpose_id, version, contact_point_id, phone_version FROM due`;

/** A page of a delivery, in the order of subjects; it ends with all numbers of its last subject. Null when there is no such delivery. */
export async function deliveredContacts(
  dataSource: DataSource,
  { deliveryId, after = null, limit }: { deliveryId: string; after?: string | null; limit: number },
): Promise<DeliveredContact[] | null> {
  const found = await dataSource.query<object[]>('SELECT FROM delivery WHERE delivery_id = $1', [deliveryId]);
  if (found.length === 0) return null;
  return dataSource.query<DeliveredContact[]>(
    `SELECT subject_id AS "subjectId", contact_point_id AS "contactPointId", version::float8 AS version,
       coalesce(stopped_by, number_stopped_by) IS NOT NULL AS stopped
     FROM delivered_contact WHERE delivery_id = $1 AND ($2::uuid IS NULL OR subject_id > $2)
     ORDER BY subject_id FETCH FIRST ($3::bigint) ROWS WITH TIES`,
    [deliveryId, after, limit],
  );
}
