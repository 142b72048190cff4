import { REASONS } from './reasons.js';
import { type ExplainedPermission, type Permission } from './types.js';

/**
 * May this contact point be used for this purpose? Only if the purpose and the channel on that point are both open
 * (sections 7.2.1.1, 7.2.2.1, 11.5; C18), invitations to surveys included.
 * @param purpose permission of the purpose @param channel permission of the contact channel in the contact point's scope
 */
export function contactPermission(purpose: ExplainedPermission, channel: Permission): ExplainedPermission {
  if (!purpose.allowed) return purpose;
  if (!channel.allowed) {
    const reason = 'channel_closed';
    return { allowed: false, reason, nextChangeAt: channel.nextChangeAt, sentence: REASONS[reason] };
  }
  const moments = [purpose.nextChangeAt, channel.nextChangeAt].filter((at) => at !== null);
  return { ...purpose, nextChangeAt: moments.length === 0 ? null : Math.min(...moments) };
}
