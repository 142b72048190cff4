import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelemetry, type Telemetry } from '@consent/service-host';
import { until } from '@consent/testing';
import { BULK, LIVE, type OutboxRow } from './outbox-row.js';
import { readOutbox } from './read-outbox.js';
import { RelayMetrics } from './relay-metrics.js';
import { newSubject, specOutbox, type SpecOutbox } from './spec-outbox.js';

let outbox: SpecOutbox;
let telemetry: Telemetry;
let reads = () => readOutbox(outbox.pool);
let leads = false;
let relayMetrics: RelayMetrics;
beforeAll(async () => {
  outbox = await specOutbox();
  telemetry = await startTelemetry({ service: 'spec', build: 'spec' });
  relayMetrics = new RelayMetrics({ meter: telemetry.meter, readOutbox: () => reads(), leads: () => leads });
});
afterAll(async () => {
  await telemetry.shutdown();
  await outbox.drop();
});

/** Value of a series, its name and labels given as a pattern; undefined when it is absent. */
async function valueOf(series: RegExp): Promise<number | undefined> {
  const line = (await telemetry.metricsText()).split('\n').find((text) => !text.startsWith('#') && series.test(text));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}
const row = (change: Partial<OutboxRow>): OutboxRow => ({ kind: 'decision', lane: LIVE, ...change }) as OutboxRow;

describe('the metrics of the relay', () => {
  it('show rows and the oldest age of each lane, which rises while nothing is published', async () => {
    expect(await valueOf(/^consent_outbox_rows{.*lane="live"/)).toBe(0);
    expect(await valueOf(/^consent_outbox_oldest_age_seconds{.*lane="live"/)).toBe(0);
    await outbox.insert(outbox.pool, [
      { subjectId: newSubject(), version: 1 },
      { subjectId: newSubject(), version: 1 },
      { subjectId: newSubject(), version: 1, lane: 1, kind: 'replay' },
    ]);
    expect(await valueOf(/^consent_outbox_rows{.*lane="live"/)).toBe(2);
    expect(await valueOf(/^consent_outbox_rows{.*lane="bulk"/)).toBe(1);
    const age = (await valueOf(/^consent_outbox_oldest_age_seconds{.*lane="live"/)) ?? 0;
    expect(age).toBeGreaterThan(0);
    await until('a higher age', async () => ((await valueOf(/oldest_age_seconds{.*lane="live"/)) ?? 0) > age);
  });

  it('are no number, neither zero nor the last one, while the database does not answer; the rest is shown', async () => {
    reads = () => Promise.reject(new Error('away'));
    expect(await valueOf(/^consent_outbox_rows{.*lane="live"/)).toBeNaN();
    expect(await valueOf(/oldest_age_seconds{.*lane="bulk"/)).toBeNaN();
    expect(await telemetry.metricsText()).toMatch(/consent_outbox_rows{.*} NaN/);
    expect(await valueOf(/^consent_relay_leader/)).toBe(0);
    leads = true;
    expect(await valueOf(/^consent_relay_leader/)).toBe(1);
    reads = () => readOutbox(outbox.pool);
  });

  it('count what was published by lane and kind, and errors by reason, without naming a subject', async () => {
    for (const reason of ['not-confirmed', 'unencodable', 'lead-lost'])
      expect(await valueOf(new RegExp(`^consent_relay_publish_errors_total{.*reason="${reason}"`))).toBe(0);
    relayMetrics.published([row({}), row({}), row({ lane: BULK, kind: 'replay' })]);
    relayMetrics.error('not-confirmed');
    expect(
      await valueOf(/^consent_relay_published_total{.*kind="decision".*lane="live"|lane="live".*kind="decision"/),
    ).toBe(2);
    expect(await valueOf(/^consent_relay_published_total{.*kind="replay"/)).toBe(1);
    expect(await valueOf(/^consent_relay_publish_errors_total{.*reason="not-confirmed"/)).toBe(1);
    expect(await telemetry.metricsText()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
});
