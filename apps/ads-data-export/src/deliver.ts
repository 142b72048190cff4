import { type DataSource } from 'typeorm';
import { withTransaction } from '@consent/postgres';
import { type Stream } from './on-decision.js';

export interface Delivery {
  deliveryId: string;
  stream: Stream;
  /** One of `recipientsOf(stream)`. */
  recipient: string;
}

/** A record as a recipient gets it. The profile is joined at the border, by the pseudonym; no other id leaves. */
export interface DeliveredRecord {
  pseudonym: string;
  siteAndAppData: boolean;
  version: number;
}

/** Who may receive a stream: no party is added by a call. */
export const recipientsOf = async (dataSource: DataSource, stream: Stream): Promise<string[]> => {
  const rows = await dataSource.query<{ recipient: string }[]>(
    'SELECT recipient FROM recipient WHERE stream = $1 ORDER BY recipient',
    [stream],
  );
  return rows.map(({ recipient }) => recipient);
};

/**
 * Delivers a stream to a recipient: every member whose permission is in force at this moment, as far as the cookie gates
 * let. The permissions stay locked until the delivery is committed: a withdrawal is either seen, or finds the delivery
 * and revokes it.
 */
export const deliver = (dataSource: DataSource, { deliveryId, stream, recipient }: Delivery) =>
  withTransaction(dataSource, async (tx) => {
    await tx.query('INSERT INTO delivery (delivery_id, stream, recipient) VALUES ($1, $2, $3)', [
      deliveryId,
      stream,
      recipient,
    ]);
    await tx.query(LOCK, [stream]);
    const { rowCount } = await tx.query(DELIVER, [deliveryId, stream, recipient]);
    return { records: rowCount };
  });

// Waits for decisions in hand; the statement after it sees what they have written.
const LOCK = `
  SELECT FROM permission_in_force AS permission
  WHERE allowed AND (
    EXISTS (
      SELECT FROM export_membership AS member
      WHERE (member.subject_id, member.scope_id, member.purpose_id)
          = (permission.subject_id, permission.scope_id, permission.purpose_id) AND member.stream = $1
    ) OR EXISTS (
      SELECT FROM cookie_gate AS gate
      WHERE (gate.subject_id, gate.device_id, gate.purpose_id)
          = (permission.subject_id, permission.scope_id, permission.purpose_id)
    )
  )
  ORDER BY subject_id, scope_id, purpose_id
  FOR SHARE`;

// Own cookies bring site and app data in (C14); the agency flow links a visit only with third-party cookies (C62, C85);
// partners need both, on the device itself (C85).
const DELIVER = `
  WITH gate AS (
    SELECT cookie_gate.subject_id, cookie_gate.device_id, cookie_gate.party
    FROM cookie_gate
    JOIN permission_in_force AS permission
      ON (permission.subject_id, permission.scope_id, permission.purpose_id)
       = (cookie_gate.subject_id, cookie_gate.device_id, cookie_gate.purpose_id)
    WHERE cookie_gate.open AND permission.allowed
  ),
  due AS (
    SELECT member.pseudonym, member.subject_id, member.scope_id, member.purpose_id, permission.version,
      $2 = 'web-and-app' AND EXISTS (
        SELECT FROM gate WHERE gate.subject_id = member.subject_id AND gate.party = 'own'
      ) AS site_and_app_data
    FROM export_membership AS member
    JOIN permission_in_force AS permission
      ON (permission.subject_id, permission.scope_id, permission.purpose_id)
       = (member.subject_id, member.scope_id, member.purpose_id)
    WHERE member.stream = $2 AND member.pseudonym IS NOT NULL AND permission.allowed
      AND NOT EXISTS (SELECT FROM suppression WHERE suppression.pseudonym = member.pseudonym)
      AND ($2 <> 'agency' OR EXISTS (
        SELECT FROM gate WHERE gate.subject_id = member.subject_id AND gate.party = 'third'
      ))
      AND ($2 <> 'cookie-partners' OR 2 = (
        SELECT count(DISTINCT gate.party) FROM gate
        WHERE gate.subject_id = member.subject_id AND gate.device_id = member.scope_id
      ))
    FOR SHARE OF permission
  )
  INSERT INTO delivered_record
    (delivery_id, recipient, pseudonym, subject_id, scope_id, purpose_id, version, site_and_app_data)
  SELECT $1, $3, pseudonym, subject_id, scope_id, purpose_id, version, site_and_app_data FROM due`;

/** A page of a delivery, in the order of pseudonyms. Null when there is no such delivery. */
export async function deliveredRecords(
  dataSource: DataSource,
  { deliveryId, after = null, limit }: { deliveryId: string; after?: string | null; limit: number },
): Promise<DeliveredRecord[] | null> {
  const found = await dataSource.query<object[]>('SELECT FROM delivery WHERE delivery_id = $1', [deliveryId]);
  if (found.length === 0) return null;
  return dataSource.query<DeliveredRecord[]>(
    `SELECT pseudonym, site_and_app_data AS "siteAndAppData", version::float8 AS version
     FROM delivered_record WHERE delivery_id = $1 AND ($2::uuid IS NULL OR pseudonym > $2) ORDER BY pseudonym LIMIT $3`,
    [deliveryId, after, limit],
  );
}
