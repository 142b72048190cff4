declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** The parts of kafkajs's internal class that `mendRequestQueue` touches; kafkajs declares none of it. */
  export default class RequestQueue {
    constructor(settings: object);
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/cluster/index.js' {
  /** The part of kafkajs's internal class that `mendCoordinator` touches. */
  export default class Cluster {
    findGroupCoordinatorMetadata: (this: Cluster, group: object) => Promise<unknown>;
  }
}
