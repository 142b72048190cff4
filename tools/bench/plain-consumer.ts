// One system as a tutorial would have it: kafkajs hands over one message at a time, and TypeORM saves it. No guard against
// old or repeated decisions, no effect, no acknowledgement.
import { decisionFormat, HEARTBEAT_PURPOSE, topics } from '@consent/events';
import { createKafka } from '@consent/kafka';
import { DataSource, EntitySchema } from 'typeorm';

interface PlainState {
  subjectId: string;
  scopeId: string;
  purposeId: string;
  status: string;
  allowed: boolean;
  version: number;
  decisionId: string;
  decidedAt: Date;
  appliedAt?: Date;
}

const plainState = new EntitySchema<PlainState>({
  name: 'plain_state',
  columns: {
    subjectId: { type: 'uuid', primary: true },
    scopeId: { type: 'uuid', primary: true },
    purposeId: { type: 'text', primary: true },
    status: { type: 'text' },
    allowed: { type: 'boolean' },
    version: { type: 'int' },
    decisionId: { type: 'uuid' },
    decidedAt: { type: 'timestamptz' },
    appliedAt: { type: 'timestamptz', default: () => 'clock_timestamp()' },
  },
});

const [brokers = '', url = '', groupId = ''] = process.argv.slice(2);
const db = await new DataSource({ type: 'postgres', url, entities: [plainState], synchronize: true }).initialize();
const states = db.getRepository(plainState);
const format = decisionFormat();
const consumer = createKafka({ brokers: [brokers], clientId: groupId }).consumer({ groupId });
await consumer.connect();
await consumer.subscribe({ topic: topics().decisions, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    if (!message.value) return;
    const schemaId = format.schemaIdOf(message.value);
    if (!format.knows(schemaId)) format.learn(schemaId, format.schema);
    const decision = format.decode(message.value);
    if (decision.purposeId === HEARTBEAT_PURPOSE) return;
    const { subjectId, purposeId, status, version, decisionId } = decision;
    await states.save({
      ...{ subjectId, scopeId: decision.scope.id, purposeId, status, version, decisionId },
      allowed: decision.permission.allowed,
      decidedAt: new Date(decision.decidedAt),
    });
  },
});
