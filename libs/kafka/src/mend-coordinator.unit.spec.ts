import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import Cluster from 'kafkajs/src/cluster/index.js';
import { mendCoordinator } from './mend-coordinator.js';

const { findGroupCoordinatorMetadata: unmended } = Cluster.prototype;
mendCoordinator();
const { findGroupCoordinatorMetadata: mended } = Cluster.prototype;

const asking = (answer: () => Promise<unknown>): Cluster =>
  Object.assign(Object.create(Cluster.prototype) as Cluster, { brokerPool: { withBroker: answer } });
const nobody = asking(() => Promise.resolve(null));

describe('the mend of kafkajs’s search for a coordinator', () => {
  it('is still needed: unmended, no coordinator is an error for good. When this fails, remove the mend', async () => {
    await expect(unmended.call(nobody, { groupId: 'g' })).rejects.toMatchObject({
      name: 'KafkaJSGroupCoordinatorNotFound',
      retriable: false,
    });
  });

  it('makes it one after which a consumer starts again', async () => {
    await expect(mended.call(nobody, { groupId: 'g' })).rejects.toBeInstanceOf(kafkajs.KafkaJSNumberOfRetriesExceeded);
  });

  it('leaves answers and other errors as they are', async () => {
    const found = { coordinator: { nodeId: 1 } };
    await expect(
      mended.call(
        asking(() => Promise.resolve(found)),
        { groupId: 'g' },
      ),
    ).resolves.toBe(found);
    const refused = new Error('refused');
    await expect(
      mended.call(
        asking(() => Promise.reject(refused)),
        { groupId: 'g' },
      ),
    ).rejects.toBe(refused);
  });
});
