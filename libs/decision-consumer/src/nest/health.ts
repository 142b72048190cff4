import { type Health } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { type DecisionConsumer } from '../decision-consumer.js';

/** A restart helps against a stall and a crash, not against a breaker: that one stays for whoever looks. */
export function registerHealth(health: Health, consumer: DecisionConsumer, dataSource: DataSource): void {
  const detail = (): string => [consumer.word, consumer.report().detail].filter((part) => part !== null).join(': ');
  health.register('consumer', 'live', () => ({
    ok: !consumer.stuck,
    detail: detail(),
  }));
  health.register('consumer', 'ready', () => ({
    ok: !['stalled', 'crashed', 'breaker-open', 'starting'].includes(consumer.word) && !consumer.closingFailed,
    detail: detail(),
  }));
  health.register('database', 'ready', async () => {
    await dataSource.query('SELECT 1');
    return { ok: true, detail: 'answers' };
  });
}
