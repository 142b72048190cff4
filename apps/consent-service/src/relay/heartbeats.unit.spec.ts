import { describe, expect, it } from '@jest/globals';
import { decisionFormat, HEARTBEAT_PURPOSE, PARTITIONS, SYSTEMS } from '@consent/events';
import { partitionOf } from '@consent/kafka';
import { HEARTBEAT_SUBJECTS, heartbeatDecision } from './heartbeats.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('heartbeats', () => {
  it('have one subject per partition, whose key goes to that partition', () => {
    expect(HEARTBEAT_SUBJECTS).toHaveLength(PARTITIONS);
    expect(HEARTBEAT_SUBJECTS.map((subjectId) => partitionOf(subjectId))).toEqual([...HEARTBEAT_SUBJECTS.keys()]);
    for (const subjectId of HEARTBEAT_SUBJECTS) expect(subjectId).toMatch(UUID);
  });

  it('have the same subjects in every build, so that states of old ones do not pile up', () => {
    expect(HEARTBEAT_SUBJECTS[0]).toBe('65223147-4700-8ea8-9e29-ababa61a30b3');
  });

  it('concern every system, and are what the schema says', () => {
    const decision = heartbeatDecision(HEARTBEAT_SUBJECTS[3] ?? '', 1_790_000_000_000);
    expect(decision).toMatchObject({ purposeId: HEARTBEAT_PURPOSE, cause: 'heartbeat', version: 1_790_000_000_000 });
    expect(decision.systems.map(({ systemId }) => systemId)).toEqual(SYSTEMS);
    expect(() => decisionFormat().encode(1, decision)).not.toThrow();
  });

  it('keep their decision id when delivered twice, and have another one each time', () => {
    const [subjectId = '', other = ''] = HEARTBEAT_SUBJECTS;
    const { decisionId } = heartbeatDecision(subjectId, 1);
    expect(heartbeatDecision(subjectId, 1).decisionId).toBe(decisionId);
    expect(heartbeatDecision(subjectId, 2).decisionId).not.toBe(decisionId);
    expect(heartbeatDecision(other, 1).decisionId).not.toBe(decisionId);
    expect(decisionId).toMatch(UUID);
  });
});
