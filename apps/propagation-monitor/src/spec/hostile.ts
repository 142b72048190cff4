import { type ConsentDecision, HEADERS, HEARTBEAT_PURPOSE, type PropagationAcknowledgement } from '@consent/events';
import fc from 'fast-check';
import { answerTo, type AnyHeaders, someDecision } from './wire.js';

/** Of either sign, the largest that avsc writes and reads. */
const LARGEST = 9_007_199_254_740_990;

/** What the wire carries and a producer with a fault may write: any long, any text, any header. */
const anyLong = fc.oneof(
  fc.integer({ min: -LARGEST, max: LARGEST }),
  fc.constantFrom(0, -1, 1, 8_640_000_000_000_001, LARGEST, -LARGEST),
);
const anyInt = fc.oneof(fc.integer(), fc.constantFrom(-1, 0, 11, 12, 32_768));
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'null', 'NULL', '__proto__', 'constructor', HEARTBEAT_PURPOSE, 'a\0b', 'a,b', '{"}', '\\'),
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.nat(300).map((length) => 'x'.repeat(length)),
);
const anyHeader = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('1e300', '-1e300', 'Infinity', 'NaN', '-5', '1.5', '0x10', ' 7 ', '', '40') },
  fc.double().map(String),
  fc.bigInt().map(String),
  anyText,
);

export const anyHeaders: fc.Arbitrary<AnyHeaders> = fc.dictionary(
  fc.oneof(fc.constantFrom<string>(HEADERS.outboxWaitMs, HEADERS.lane, HEADERS.traceparent, HEADERS.replayId), anyText),
  fc.oneof(
    { weight: 4, arbitrary: anyHeader.map((text) => Buffer.from(text)) },
    fc.constant(null),
    anyHeader.map((text) => [Buffer.from(text), Buffer.from('2')]),
  ),
  { maxKeys: 4 },
);

const part = { requiredKeys: [] as [] };

/** A decision of which some fields are anything that Avro lets through. */
export const anyDecision: fc.Arbitrary<ConsentDecision> = fc
  .record(
    {
      decisionId: anyText,
      subjectId: anyText,
      version: anyLong,
      scope: fc.record({ level: fc.constantFrom('person', 'unknown'), id: anyText }),
      purposeId: anyText,
      direction: fc.constantFrom('opening', 'closing', 'unknown'),
      decidedAt: anyLong,
      committedAt: anyLong,
      systems: fc.array(fc.record({ systemId: anyText, applyBy: anyLong }), { maxLength: 3 }),
    },
    part,
  )
  .map((change) => someDecision(change as Partial<ConsentDecision>));

/** An answer of the system to the decision, of which some fields are anything that Avro lets through. */
export const anyAnswer = (to: ConsentDecision, systemId: string): fc.Arbitrary<PropagationAcknowledgement> =>
  fc
    .record(
      {
        decisionId: anyText,
        subjectId: anyText,
        version: anyLong,
        scopeId: anyText,
        purposeId: anyText,
        outcome: fc.constantFrom('applied', 'parked', 'conflict', 'unknown'),
        reason: fc.option(anyText),
        appliedAt: fc.option(anyLong),
        effects: fc.array(fc.record({ effect: anyText, count: anyLong }), { maxLength: 2 }),
        replayId: fc.option(anyText),
        source: fc.record({ topic: anyText, partition: anyInt, offset: anyLong }),
        parkedRecords: fc.option(anyLong),
      },
      part,
    )
    .map((change) => answerTo(to, systemId, change as Partial<PropagationAcknowledgement>));
