import { type BatchObservableResult, type Meter } from '@opentelemetry/api';
import { DECISIONS, METRICS } from '../names.js';
import { type PipelineStatus } from './status.service.js';

const SECONDS = 1_000;

/**
 * Shows the status as metrics whenever they are collected. When the status cannot be read, its metrics are absent: an old
 * value would look like a good one.
 */
export function observeStatus(meter: Meter, status: () => Promise<PipelineStatus>): void {
  const gauge = (of: { name: string; unit: string; description: string }) => meter.createObservableGauge(of.name, of);
  const settled = meter.createObservableCounter(METRICS.settled.name, METRICS.settled);
  const gauges = {
    open: gauge(METRICS.open),
    parked: gauge(METRICS.parked),
    overdue: gauge(METRICS.overdue),
    oldestAge: gauge(METRICS.oldestAge),
    heartbeatAge: gauge(METRICS.heartbeatAge),
    heartbeatsLost: gauge(METRICS.heartbeatsLost),
    relayAge: gauge(METRICS.relayAge),
    word: gauge(METRICS.word),
    behind: gauge(METRICS.behind),
    attested: gauge(METRICS.ledgerAttested),
    missing: gauge(METRICS.ledgerMissing),
    missingAge: gauge(METRICS.ledgerMissingAge),
    unrecorded: gauge(METRICS.ledgerUnrecorded),
  };
  const observe = async (result: BatchObservableResult): Promise<void> => {
    const found = await status().catch(() => null);
    if (found === null) return;
    if (found.relay.ageMs !== null && found.relay.word !== 'unknown')
      result.observe(gauges.relayAge, found.relay.ageMs / SECONDS);
    result.observe(gauges.behind, found.monitor.unreadDecisions, { system: DECISIONS });
    const { word, missing, oldestMissingAgeMs, unrecorded } = found.ledger;
    if (word !== 'unchecked') {
      result.observe(gauges.attested, word === 'attested' ? 1 : 0);
      result.observe(gauges.missing, missing ?? 0);
      result.observe(gauges.missingAge, (oldestMissingAgeMs ?? 0) / SECONDS);
      result.observe(gauges.unrecorded, unrecorded ?? 0);
    }
    for (const s of found.systems) {
      const system = { system: s.systemId };
      // A counter never falls: what was taken back stays counted.
      result.observe(settled, s.applied + s.takenBack.applied, { ...system, outcome: 'applied' });
      result.observe(settled, s.superseded + s.takenBack.superseded, { ...system, outcome: 'superseded' });
      result.observe(gauges.open, s.pending, { ...system, outcome: 'pending' });
      result.observe(gauges.open, s.parkedPairs, { ...system, outcome: 'parked' });
      result.observe(gauges.open, s.conflicts, { ...system, outcome: 'conflict' });
      result.observe(gauges.open, s.rejected, { ...system, outcome: 'rejected' });
      result.observe(gauges.parked, s.parked, system);
      result.observe(gauges.overdue, s.overdue, system);
      result.observe(gauges.oldestAge, (s.oldestUnacknowledgedAgeMs ?? 0) / SECONDS, system);
      if (s.heartbeat.ageMs !== null) result.observe(gauges.heartbeatAge, s.heartbeat.ageMs / SECONDS, system);
      result.observe(gauges.heartbeatsLost, s.heartbeat.lost, system);
      if (s.word !== 'unknown') result.observe(gauges.word, s.word === 'in-step' ? 1 : 0, system);
      result.observe(gauges.behind, s.unread, system);
    }
  };
  meter.addBatchObservableCallback(observe, [settled, ...Object.values(gauges)]);
}
