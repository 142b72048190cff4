import { type PipelineStatus } from '../http/monitor.js';
import { duration, plural } from './words.js';

/** The relay's and the monitor's own state, each a line. */
export function pipelineText({ relay, monitor }: PipelineStatus): string {
  const unread = `${plural(monitor.unreadDecisions, 'decision')} unread`;
  return [
    `relay    ${relayText(relay, monitor.behind)}`,
    `monitor  ${monitor.behind ? `BEHIND, ${unread}: what is said above is not up to date` : unread}`,
  ].join('\n');
}

/** The age of a heartbeat says nothing of the relay while newer ones may wait for the monitor. */
function relayText({ ageMs, stuck, word }: PipelineStatus['relay'], monitorBehind: boolean): string {
  if (ageMs === null) return 'no heartbeat seen yet';
  const beat = `last heartbeat ${duration(ageMs)} ago`;
  if (word === 'unknown' || monitorBehind) return `unknown, ${beat} as far as the monitor has read`;
  return stuck ? `STUCK, ${beat}: nothing new reaches any system` : beat;
}
