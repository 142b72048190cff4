import { type PipelineStatus } from '../http/monitor.js';
import { duration, plural } from './words.js';

/** The relay's and the monitor's own state, each a line. */
export function pipelineText({ relay, monitor }: PipelineStatus): string {
  const beat = relay.ageMs === null ? 'no heartbeat seen yet' : `last heartbeat ${duration(relay.ageMs)} ago`;
  const unread = `${plural(monitor.unreadDecisions, 'decision')} unread`;
  return [
    `relay    ${relay.stuck ? `STUCK, ${beat}: nothing new reaches any system` : beat}`,
    `monitor  ${monitor.behind ? `BEHIND, ${unread}: what is said above is not up to date` : unread}`,
  ].join('\n');
}
