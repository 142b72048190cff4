import { earliest } from './earliest.js';
import { REASONS } from './reasons.js';
import { type ExplainedPermission, type Permission, type Purpose, type ReasonCode } from './types.js';

/**
 * Whether people are approached for a purpose through a contact channel: group companies call and do nothing else (5.3, C51),
 * a newsletter comes by e-mail alone (C19). A purpose that names no channel approaches nobody; a channel reaches for itself.
 */
export const coversChannel = (purpose: Pick<Purpose, 'id' | 'contactChannels'>, channelId: string): boolean =>
  purpose.id === channelId || purpose.contactChannels.includes(channelId);

/**
 * May this contact point be used for this purpose? Only if the purpose and the channel on that point are both open
 * (sections 7.2.1.1, 7.2.2.1, 11.5; C18), invitations to surveys included.
 * @param purpose permission of the purpose
 * @param channel permission of the contact channel in the contact point's scope; null for a channel that the purpose does not cover
 */
export function contactPermission(purpose: ExplainedPermission, channel: Permission | null): ExplainedPermission {
  if (!purpose.allowed) return purpose;
  if (channel === null) return closed('channel_not_covered', null);
  if (!channel.allowed) return closed('channel_closed', channel.nextChangeAt);
  return { ...purpose, nextChangeAt: earliest([purpose.nextChangeAt, channel.nextChangeAt]) };
}

const closed = (reason: ReasonCode, nextChangeAt: number | null): ExplainedPermission => ({
  allowed: false,
  reason,
  nextChangeAt,
  sentence: REASONS[reason],
});
