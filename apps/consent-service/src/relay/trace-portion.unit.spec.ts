import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Span, type SpanOptions, SpanStatusCode, trace, type TracerProvider } from '@opentelemetry/api';
import { LIVE, type OutboxRow } from './outbox-row.js';
import { type EncodedRow, type PortionOutcome } from './publish-portion.js';
import { tracePortion } from './trace-portion.js';

const spans: { name: string; options: SpanOptions; ended: boolean; status: number | undefined }[] = [];
const provider: TracerProvider = {
  getTracer: () => ({
    startSpan: (name: string, options: SpanOptions = {}) => {
      const span = { name, options, ended: false, status: undefined as number | undefined };
      spans.push(span);
      return {
        end: () => (span.ended = true),
        setStatus: ({ code }: { code: number }) => (span.status = code),
      } as unknown as Span;
    },
    startActiveSpan: () => undefined as never,
  }),
};
trace.setGlobalTracerProvider(provider);
beforeEach(() => void spans.splice(0));
afterAll(() => trace.disable());

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const encoded = (traceparent: string | null): EncodedRow => ({
  row: { outboxId: 1, lane: LIVE, kind: 'decision', partition: 0, traceparent } as OutboxRow,
  record: { topic: 't', key: 'k', value: null },
});
const outcome = (confirmed: number): PortionOutcome => ({
  confirmed: Array.from({ length: confirmed }, () => encoded(null).row),
  failedPartitions: [],
  outage: false,
  error: null,
});

describe('tracePortion', () => {
  it('links one span to every request in the portion, once each', async () => {
    const portion = [
      encoded(`00-${TRACE}-b7ad6b7169203331-01`),
      encoded(`00-${TRACE}-b7ad6b7169203331-01`),
      encoded(null),
    ];
    await tracePortion(portion, async () => outcome(3));
    expect(spans).toHaveLength(1);
    expect(spans[0]?.options.links?.map(({ context }) => context)).toEqual([
      { traceId: TRACE, spanId: 'b7ad6b7169203331', traceFlags: 1, isRemote: true },
    ]);
    expect(spans[0]).toMatchObject({ ended: true, status: undefined });
  });

  it('makes no span for heartbeats alone, nor from a header that is no traceparent', async () => {
    await tracePortion([encoded(null)], async () => outcome(1));
    await tracePortion([encoded('00-zz-yy-01')], async () => outcome(1));
    expect(spans).toEqual([]);
  });

  it('shows a portion that was not confirmed as an error', async () => {
    await tracePortion([encoded(`00-${TRACE}-b7ad6b7169203331-01`)], async () => outcome(0));
    expect(spans[0]).toMatchObject({ ended: true, status: SpanStatusCode.ERROR });
  });
});
