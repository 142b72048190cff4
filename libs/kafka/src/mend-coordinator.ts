import kafkajs from 'kafkajs';
// Imported, not required: a bundle must mend the copy that it runs. A new kafkajs that moves it fails here, loudly.
import Cluster from 'kafkajs/src/cluster/index.js';

const find = Cluster.prototype.findGroupCoordinatorMetadata;

/**
 * A cluster that has just come back may name no coordinator for longer than kafkajs 2.2.4 asks. It takes that for an error
 * that no retry mends, and ends the consumer for good; with this it is one that passes. Safe to call more than once.
 */
export function mendCoordinator(): void {
  Cluster.prototype.findGroupCoordinatorMetadata = async function findOrTryLater(this: Cluster, group: object) {
    try {
      return await find.call(this, group);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'KafkaJSGroupCoordinatorNotFound')) throw error;
      throw new kafkajs.KafkaJSNumberOfRetriesExceeded(error, { retryCount: 0, retryTime: 0 });
    }
  };
}
