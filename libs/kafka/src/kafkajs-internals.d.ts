/** kafkajs's internal class, which has no types of its own. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  import { type RequestQueue as Queue } from './mend-request-queue.js';

  const RequestQueue: new (settings: object) => Queue;
  export default RequestQueue;
}
