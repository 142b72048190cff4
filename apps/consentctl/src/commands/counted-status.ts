import { setTimeout as pause } from 'node:timers/promises';
import { type Context } from '../context.js';
import { ledgerClock } from '../http/consent-service.js';
import { pipelineStatus, type PipelineStatus } from '../http/monitor.js';

const EVERY_MS = 500;
/** Heartbeats come each second, decisions are held for their answers for one, and figures are kept for up to five. */
const COUNTED_WITHIN_MS = 20_000;

/** A status, and whether it counts all that was accepted when it was asked for. */
export interface CountedStatus {
  status: PipelineStatus;
  counted: boolean;
}

/**
 * Waits until the monitor has counted what the ledger had accepted at the moment of the question: just behind the feeding
 * nothing is pending yet, as little of it is read.
 */
export async function countedStatus({ servers, now }: Context): Promise<CountedStatus> {
  const accepted = await ledgerClock(servers.consent);
  for (const deadline = now() + COUNTED_WITHIN_MS; ; await pause(EVERY_MS)) {
    const status = await pipelineStatus(servers.monitor);
    const { countedUntil } = status.monitor;
    const counted = countedUntil !== null && Date.parse(countedUntil) >= accepted;
    if (counted || now() >= deadline) return { status, counted };
  }
}
