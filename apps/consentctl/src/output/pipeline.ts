import { type PipelineStatus } from '../http/monitor.js';
import { duration, orDash, plural } from './words.js';

/** The relay's, the ledger's and the monitor's own state, each a line. */
export function pipelineText({ relay, ledger, monitor }: PipelineStatus): string {
  const unread = `${plural(monitor.unreadDecisions, 'decision')} unread`;
  return [
    `relay    ${relayText(relay, monitor.behind)}`,
    `ledger   ${ledgerText(ledger)}`,
    `monitor  ${monitor.behind ? `BEHIND, ${unread}: what is said above is not up to date` : unread}`,
    monitor.countedUntil === null
      ? 'counted  up to an unknown moment: not every partition has shown a heartbeat lately'
      : `counted  what was accepted up to ${monitor.countedUntil}; later decisions are not in the figures yet`,
  ].join('\n');
}

function ledgerText({ word, reason, missing, unrecorded, waiting, checkedAt }: PipelineStatus['ledger']): string {
  const found = `checked up to ${orDash(checkedAt)}, ${plural(waiting ?? 0, 'decision')} in the outbox then`;
  if (word === 'missing') return `MISSING on the topic: ${plural(missing ?? 0, 'decision')}; ${found}`;
  if (word === 'unrecorded') return `UNRECORDED in the ledger, on the topic: ${plural(unrecorded ?? 0, 'decision')}`;
  return word === 'attested' ? `${word}, ${found}` : `${word} against the topic: ${orDash(reason)}`;
}

/** The age of a heartbeat says nothing of the relay while newer ones may wait for the monitor. */
function relayText({ ageMs, stuck, word }: PipelineStatus['relay'], monitorBehind: boolean): string {
  if (ageMs === null) return 'no heartbeat seen yet';
  const beat = `last heartbeat ${duration(ageMs)} ago`;
  if (word === 'unknown' || monitorBehind) return `unknown, ${beat} as far as the monitor has read`;
  return stuck ? `STUCK, ${beat}: nothing new reaches any system` : beat;
}
