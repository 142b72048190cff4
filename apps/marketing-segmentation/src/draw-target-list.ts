import { type DataSource } from 'typeorm';
import { withTransaction } from '@consent/postgres';
import { type Channel } from './on-decision.js';
import { type Purpose } from './purposes.js';

export interface TargetList {
  targetListId: string;
  campaign: string;
  purposeId: Purpose;
  channel: Channel;
}

/** Whom to contact and where. Number or address is joined just before dispatch, by the contact point's id. */
export interface TargetListEntry {
  subjectId: string;
  contactPointId: string;
  version: number;
  channelVersion: number;
}

/**
 * Draws the people of a campaign: members of the purpose's audience on contact points of the channel, where purpose and
 * channel are both in force at this moment (11.5, C18). The permissions stay locked until the list is committed: a
 * closing is either seen, or finds the entry and takes it off.
 */
export const drawTargetList = (dataSource: DataSource, { targetListId, campaign, purposeId, channel }: TargetList) =>
  withTransaction(dataSource, async (tx) => {
    await tx.query('INSERT INTO target_list (target_list_id, campaign, purpose_id, channel) VALUES ($1, $2, $3, $4)', [
      targetListId,
      campaign,
      purposeId,
      channel,
    ]);
    await tx.query(LOCK, [purposeId, channel]);
    const { rowCount } = await tx.query(DRAW, [targetListId, purposeId, channel]);
    return { entries: rowCount };
  });

// Waits for decisions in hand; the statement after it sees what they have written.
const LOCK = `
  SELECT FROM permission_in_force AS permission
  WHERE allowed AND (
    purpose_id = $1 OR EXISTS (
      SELECT FROM contact_channel
      WHERE (contact_channel.subject_id, contact_channel.contact_point_id, contact_channel.purpose_id)
          = (permission.subject_id, permission.scope_id, permission.purpose_id) AND contact_channel.channel = $2
    )
  )
  ORDER BY subject_id, scope_id, purpose_id
  FOR SHARE`;

// A contact point of which nothing is known is on no list.
const DRAW = `
  WITH due AS (
    SELECT member.subject_id, member.scope_id, member.purpose_id, permission.version,
      contact_channel.contact_point_id, contact_channel.purpose_id AS channel_purpose_id,
      may_contact.version AS channel_version
    FROM audience_membership AS member
    JOIN permission_in_force AS permission
      ON (permission.subject_id, permission.scope_id, permission.purpose_id)
       = (member.subject_id, member.scope_id, member.purpose_id)
    JOIN contact_channel ON contact_channel.subject_id = member.subject_id AND contact_channel.channel = $3
    JOIN permission_in_force AS may_contact
      ON (may_contact.subject_id, may_contact.scope_id, may_contact.purpose_id)
       = (contact_channel.subject_id, contact_channel.contact_point_id, contact_channel.purpose_id)
    WHERE member.purpose_id = $2 AND member.member AND permission.allowed
      AND contact_channel.open AND may_contact.allowed
    FOR SHARE OF permission, may_contact
  )
  INSERT INTO target_list_entry
    (target_list_id, subject_id, scope_id, purpose_id, version, contact_point_id, channel_purpose_id, channel_version)
  SELECT $1, subject_id, scope_id, purpose_id, version, contact_point_id, channel_purpose_id, channel_version FROM due
  ON CONFLICT DO NOTHING`;

/**
 * A page of what stands on a list, in the order of contact points; what is held back now is left out. Null when there is
 * no such list.
 */
export async function targetListEntries(
  dataSource: DataSource,
  { targetListId, after = null, limit }: { targetListId: string; after?: string | null; limit: number },
): Promise<TargetListEntry[] | null> {
  const found = await dataSource.query<object[]>('SELECT FROM target_list WHERE target_list_id = $1', [targetListId]);
  if (found.length === 0) return null;
  return dataSource.query<TargetListEntry[]>(
    `SELECT DISTINCT ON (contact_point_id) entry.subject_id AS "subjectId", contact_point_id AS "contactPointId",
       entry.version::float8 AS version, channel_version::float8 AS "channelVersion"
     FROM target_list_entry AS entry
     WHERE target_list_id = $1 AND removed_by IS NULL AND ($2::uuid IS NULL OR contact_point_id > $2)
       AND NOT EXISTS (
         SELECT FROM permission_in_force AS permission
         WHERE permission.subject_id = entry.subject_id AND permission.held_back
           AND (permission.scope_id, permission.purpose_id)
             IN ((entry.scope_id, entry.purpose_id), (contact_point_id, channel_purpose_id))
       )
     ORDER BY contact_point_id LIMIT $3`,
    [targetListId, after, limit],
  );
}
